import {
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { IssuerRegistry } from '../issuers/issuer-registry.js';
import { IssuersModule } from '../issuers/issuers.module.js';
import { RedisModule, SHARED_REDIS } from '../redis/redis.module.js';
import type { SharedRedis } from '../redis/shared-redis.js';
import type { Audit } from '../telemetry/audit.js';
import type { Host } from '../telemetry/host.js';
import { HOST } from '../telemetry/telemetry.module.js';
import { composeKeys } from './compose-keys.js';
import { AuditedKeyEvents } from './events/audited-key-events.js';
import { KeyEvents } from './events/key-events.js';
import { LoggedKeyEvents } from './events/logged-key-events.js';
import { MeteredKeyEvents } from './events/metered-key-events.js';
import { AutonomousKeyStore } from './fleet/autonomous-key-store.js';
import { observeSharing } from './fleet/observe-sharing.js';
import { RedisFleetMembers } from './fleet/redis-fleet-members.js';
import { RedisFleetNews } from './fleet/redis-fleet-news.js';
import { KeyManager } from './key-manager.js';
import { KeyManagers } from './key-managers.js';
import { composeKeyStore, type SharedState } from './store/compose-key-store.js';

/** Injection token of {@link SharedState}: the other replicas; `undefined` is injected where nothing is shared. */
const FLEET = Symbol('KeyFleet');

/**
 * Key refresh scheduling: keeps the published keys of all issuers fresh, together with the other replicas where there is a
 * shared store, and says which keys may be trusted now.
 */
@Module({
  imports: [IssuersModule, RedisModule],
  providers: [
    {
      provide: MeteredKeyEvents,
      inject: [HOST, SHARED_REDIS],
      useFactory: ({ metrics, logger }: Host, redis: SharedRedis | undefined): MeteredKeyEvents =>
        new MeteredKeyEvents(metrics, redis?.region ?? '', new LoggedKeyEvents(logger)),
    },
    {
      provide: KeyEvents,
      inject: [HOST, MeteredKeyEvents],
      useFactory: ({ audit }: { readonly audit: Audit }, metered: MeteredKeyEvents): KeyEvents =>
        new AuditedKeyEvents(audit, metered),
    },
    { provide: FLEET, inject: [HOST, SHARED_REDIS], useFactory: fleetOf },
    { provide: KeyManagers, inject: [HOST, KeyEvents, FLEET], useFactory: managersOf },
    {
      provide: KeyManager,
      inject: [KeyManagers, IssuerRegistry],
      useFactory: (managers: KeyManagers, issuers: IssuerRegistry): KeyManager => managers.manage(issuers),
    },
  ],
  exports: [IssuersModule, RedisModule, KeyEvents, MeteredKeyEvents, KeyManagers, KeyManager],
})
export class KeysModule implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  constructor(
    private readonly managers: KeyManagers,
    @Inject(FLEET) private readonly fleet: SharedState | undefined,
  ) {}

  onApplicationBootstrap(): void {
    this.fleet?.members.start();
    this.fleet?.news.start();
    this.managers.start();
  }

  onModuleDestroy(): void {
    this.managers.stop();
  }

  /** Says goodbye to the other replicas. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.fleet?.members.stop(), this.fleet?.news.stop()]);
  }
}

function fleetOf({ clock, replica }: Host, redis: SharedRedis | undefined): SharedState | undefined {
  if (!redis) return undefined;
  const { connections, region, mac } = redis;
  const { primary, reader } = connections;
  return {
    connections,
    mac,
    region,
    replica,
    members: new RedisFleetMembers({ link: primary, clock, replica, region }),
    news: new RedisFleetNews({
      link: reader ?? primary,
      publisher: primary,
      subscriber: () => connections.subscriber(),
      clock,
    }),
  };
}

function managersOf({ clock, metrics }: Host, events: KeyEvents, fleet: SharedState | undefined): KeyManagers {
  const stores: AutonomousKeyStore[] = [];
  if (fleet) observeSharing(metrics, fleet, stores);
  return new KeyManagers((issuers) => {
    const tools = { issuers, clock, events };
    const store = composeKeyStore({ ...tools, ...(fleet && { shared: fleet }) });
    if (store instanceof AutonomousKeyStore) stores.push(store);
    return composeKeys({ ...tools, store, ...(fleet && { news: fleet.news }) });
  });
}
