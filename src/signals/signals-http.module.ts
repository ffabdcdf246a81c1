import { Module, type DynamicModule } from '@nestjs/common';
import { Clock } from '../shared/clock.js';
import type { RouteBody } from '../transport/http/route-body.js';
import { EventReceiver } from './events/event-receiver.js';
import { pushBody, PushController, pushRoute } from './events/push.controller.js';
import { LogoutReceiver } from './logout/logout-receiver.js';
import { logoutBody, LogoutController, logoutRoute } from './logout/logout.controller.js';
import { Signals } from './signals.js';

/** What the endpoints for providers need. Built once and handed in (docs/adr/0001-two-nest-applications.md). */
export interface SignalsParts {
  readonly logout: LogoutReceiver;
  readonly events: EventReceiver;
  readonly signals: Signals;
  readonly clock: Clock;
}

/** Bodies that the endpoints for providers read, by their routes. No caller authenticates at any of them. */
export const signalBodies: ReadonlyMap<string, RouteBody> = new Map([
  [logoutRoute, logoutBody],
  [pushRoute, pushBody],
]);

/** The endpoints that providers send signals to. */
@Module({})
export class SignalsHttpModule {
  static withParts({ logout, events, signals, clock }: SignalsParts): DynamicModule {
    return {
      module: SignalsHttpModule,
      controllers: [LogoutController, PushController],
      providers: [
        { provide: LogoutReceiver, useValue: logout },
        { provide: EventReceiver, useValue: events },
        { provide: Signals, useValue: signals },
        { provide: Clock, useValue: clock },
      ],
    };
  }
}
