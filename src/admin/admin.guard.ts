import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { type AdminAuthenticator, presentedAdmin, type AdminRequest } from './admin-authenticator.js';

/** Admits requests with an admin token; where none are configured, those from this machine. */
export class AdminGuard implements CanActivate {
  constructor(private readonly authenticator: AdminAuthenticator) {}

  /** @throws {AdminProblem} */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AdminRequest>();
    request.admin = await this.authenticator.admit(presentedAdmin(request));
    return true;
  }
}
