import { Inject, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ActiveConfiguration } from '../shared/configuration/active-configuration.js';
import { redisSection } from './redis.section.js';
import type { Host } from '../telemetry/host.js';
import { HOST } from '../telemetry/telemetry.module.js';
import { RecordMac } from './record-mac.js';
import { RedisNames } from './redis-names.js';
import { RedisConnections, type SharedRedis } from './redis-connections.js';

/** Injection token of {@link SharedRedis}; `undefined` is injected where the configuration has no `redis`. */
export const SHARED_REDIS = Symbol('SharedRedis');

/** The store that replicas share. It takes effect at the start, and only then: a change needs a restart. */
@Module({
  providers: [
    {
      provide: SHARED_REDIS,
      inject: [HOST, ActiveConfiguration],
      useFactory: (host: Host, configuration: ActiveConfiguration): SharedRedis | undefined => {
        const settings = configuration.of(redisSection);
        return (
          settings && {
            connections: new RedisConnections(settings, host),
            mac: new RecordMac(settings.environment, settings.recordKeys),
            names: new RedisNames(settings.environment),
            region: settings.region ?? '',
          }
        );
      },
    },
  ],
  exports: [SHARED_REDIS],
})
export class RedisModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(@Inject(SHARED_REDIS) private readonly redis: SharedRedis | undefined) {}

  onApplicationBootstrap(): void {
    this.redis?.connections.open();
  }

  /** After everything that says goodbye to the other replicas. */
  async onApplicationShutdown(): Promise<void> {
    await this.redis?.connections.close();
  }
}
