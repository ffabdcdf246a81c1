import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { AdminRequest } from './admin-listener.js';

/** Lets only those through whom the door has let in: a route that the door overlooked stays shut. */
@Injectable()
export class AdminGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.switchToHttp().getRequest<AdminRequest>().admin !== undefined;
  }
}
