import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { CallerAuthenticator } from './caller-authenticator.js';
import { presentedByRequest, type CallerRequest } from './credentials/presented-credentials.js';

/** Authenticates the caller of each request before anything reads the token (R7662-20). */
@Injectable()
export class CallerGuard implements CanActivate {
  constructor(private readonly authenticator: CallerAuthenticator) {}

  /** @throws {OAuthError} when the credentials are missing or wrong */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<CallerRequest>();
    request.caller = await this.authenticator.authenticate(presentedByRequest(request));
    return true;
  }
}
