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

/** The store that replicas share. It takes effect at the start, and only then: a change needs a restart, except
 * of what is in the files that it names. */
@Module({
  providers: [
    {
      provide: SHARED_REDIS,
      inject: [HOST, ActiveConfiguration],
      useFactory: (host: Host, configuration: ActiveConfiguration): SharedRedis | undefined => {
        const settings = configuration.of(redisSection);
        if (!settings) return undefined;
        const connections = new RedisConnections(settings, host);
        // Whatever has changed: the files are read again anyway, and it costs a command.
        configuration.follow(redisSection, () => void connections.authenticateAgain());
        const { environment, recordKeys, region = '' } = settings;
        return {
          connections,
          mac: new RecordMac(environment, recordKeys),
          names: new RedisNames(environment),
          region,
        };
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
