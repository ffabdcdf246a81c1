import { Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { RecordRefusal } from '../../redis/record-mac.js';
import { RedisModule, SHARED_REDIS } from '../../redis/redis.module.js';
import type { SharedRedis } from '../../redis/redis-connections.js';
import { version } from '../../shared/package-root.js';
import type { Host } from '../../telemetry/host.js';
import { HOST } from '../../telemetry/telemetry.module.js';
import { EventsOverview } from './events-overview.js';
import { LatestEvents } from './latest-events.js';
import { RedisSharedEvents } from './redis-shared-events.js';

/** What happened lately, at all replicas. */
@Module({
  imports: [RedisModule],
  providers: [
    {
      provide: LatestEvents,
      inject: [HOST, SHARED_REDIS],
      useFactory: ({ clock, audit, metrics, replica }: Host, redis: SharedRedis | undefined): LatestEvents => {
        const events = new LatestEvents({ clock, replica, version, shared: redis && sharedEvents(redis, metrics) });
        audit.follow((action, fields) => {
          events.keep(action, fields);
        });
        return events;
      },
    },
    {
      provide: EventsOverview,
      inject: [HOST, LatestEvents, SHARED_REDIS],
      useFactory: ({ clock, replica }: Host, events: LatestEvents, redis: SharedRedis | undefined): EventsOverview =>
        new EventsOverview({ events, clock, replica, region: redis?.region ?? '' }),
    },
  ],
  exports: [EventsOverview],
})
export class FleetEventsModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(private readonly events: LatestEvents) {}

  onApplicationBootstrap(): void {
    this.events.start();
  }

  /** Before Redis is left: what is not shared yet is shared now. */
  async onApplicationShutdown(): Promise<void> {
    await this.events.stop();
  }
}

function sharedEvents({ connections, names, mac, region }: SharedRedis, metrics: Host['metrics']): RedisSharedEvents {
  const onRefused = (reason: RecordRefusal): void => {
    metrics.count('assay_jwks_mac_failure_total', { issuer: '', region, reason });
  };
  return new RedisSharedEvents({ link: connections.primary, names, mac, onRefused });
}
