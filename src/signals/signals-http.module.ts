import { Module, type DynamicModule } from '@nestjs/common';
import type { RouteBody } from '../transport/http/route-body.js';
import { LogoutReceiver } from './logout/logout-receiver.js';
import { logoutBody, LogoutController, logoutRoute } from './logout/logout.controller.js';

/** What the endpoints for providers need. Built once and handed in (docs/adr/0001-two-nest-applications.md). */
export interface SignalsParts {
  readonly logout: LogoutReceiver;
}

/** Bodies that the endpoints for providers read, by their routes. No caller authenticates at any of them. */
export const signalBodies: ReadonlyMap<string, RouteBody> = new Map([[logoutRoute, logoutBody]]);

/** The endpoints that providers send signals to. */
@Module({})
export class SignalsHttpModule {
  static withParts({ logout }: SignalsParts): DynamicModule {
    return {
      module: SignalsHttpModule,
      controllers: [LogoutController],
      providers: [{ provide: LogoutReceiver, useValue: logout }],
    };
  }
}
