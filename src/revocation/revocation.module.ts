import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Issuer } from '../issuers/issuer.js';
import { KeyEventReporter } from '../keys/events/key-event-reporter.js';
import { KeyEvents } from '../keys/events/key-events.js';
import { KeyManagers } from '../keys/key-managers.js';
import { KeysModule } from '../keys/keys.module.js';
import { observeKeys } from '../keys/observe-keys.js';
import { SHARED_REDIS } from '../redis/redis.module.js';
import type { SharedRedis } from '../redis/redis-connections.js';
import type { Host } from '../telemetry/host.js';
import { HOST } from '../telemetry/telemetry.module.js';
import { DeniedKeys, MemoryDeniedKeys } from './denied-keys.js';
import { DenyList } from './deny-list.js';
import { RedisDeniedKeys } from './redis-denied-keys.js';

/** What operators have denied, in the memory of this replica, and with the other replicas where there are any. */
@Module({
  imports: [KeysModule],
  providers: [
    {
      provide: DeniedKeys,
      inject: [HOST, KeyEvents, SHARED_REDIS],
      useFactory: ({ clock }: Host, events: KeyEvents, redis: SharedRedis | undefined): DeniedKeys =>
        redis
          ? new RedisDeniedKeys({ link: redis.connections.primary, mac: redis.mac, clock, events })
          : new MemoryDeniedKeys(clock),
    },
    {
      provide: DenyList,
      inject: [HOST, DeniedKeys, KeyManagers, KeyEventReporter, SHARED_REDIS],
      useFactory: (
        { clock, audit, metrics }: Host,
        store: DeniedKeys,
        managers: KeyManagers,
        { answers }: KeyEventReporter,
        redis: SharedRedis | undefined,
      ): DenyList => {
        const denials = new DenyList({ store, clock, audit });
        // Here, because a denial is one of the states of a key.
        const deniedOf = (issuer: Issuer): number => issuer.deniedKeys.size + denials.denialsOf(issuer.id).length;
        observeKeys(metrics, { sides: managers.all(), answers, deniedOf, region: redis?.region ?? '' });
        return denials;
      },
    },
  ],
  exports: [KeysModule, DenyList],
})
export class RevocationModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(private readonly denials: DenyList) {}

  /** Waits for one bounded read of the store: a replica must not begin with keys that all others refuse. */
  async onApplicationBootstrap(): Promise<void> {
    await this.denials.start();
  }

  onModuleDestroy(): void {
    this.denials.stop();
  }
}
