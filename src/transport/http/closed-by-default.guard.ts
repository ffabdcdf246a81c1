import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { HttpRequest } from './http-request.js';

/**
 * The one guard of an application: a route is open where its path is in the list of open ones, and closed wherever a controller,
 * or a whole module, has been forgotten.
 */
export class ClosedByDefaultGuard implements CanActivate {
  /**
   * @param open paths of routes, as they are declared
   * @param guard decides about all others
   */
  constructor(
    private readonly open: ReadonlySet<string>,
    private readonly guard: CanActivate,
  ) {}

  canActivate(context: ExecutionContext): ReturnType<CanActivate['canActivate']> {
    const { route } = context.switchToHttp().getRequest<HttpRequest>();
    return this.open.has(route) || this.guard.canActivate(context);
  }
}
