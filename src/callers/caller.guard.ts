import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { whenKnown } from '../shared/when-known.js';
import { CallerAuthenticator } from './caller-authenticator.js';
import { presentedByRequest, type CallerRequest } from './credentials/presented-credentials.js';

/** Authenticates the caller of each request before anything reads the token (R7662-20). */
@Injectable()
export class CallerGuard implements CanActivate {
  constructor(private readonly authenticator: CallerAuthenticator) {}

  /** @throws {OAuthError} when the credentials are missing or wrong */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.switchToHttp().getRequest<CallerRequest>();
    return whenKnown(this.authenticator.authenticate(presentedByRequest(request)), (caller) => {
      request.caller = caller;
      return true;
    });
  }
}
