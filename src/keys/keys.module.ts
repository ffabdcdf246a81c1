/** Puts key refresh together: it keeps the keys of all issuers fresh, alone or with other replicas. */
import {
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { IssuerRegistry } from '../issuers/issuer-registry.js';
import { IssuersModule } from '../issuers/issuers.module.js';
import { ChangesModule, CHANGE_LOG } from '../changes/changes.module.js';
import type { ChangeLog } from '../changes/change-log.js';
import { SHARED_REDIS } from '../redis/redis.module.js';
import type { SharedRedis } from '../redis/redis-connections.js';
import { ClientRequests } from '../telemetry/client-requests.js';
import type { Host } from '../telemetry/host.js';
import { Telemetry } from '../telemetry/telemetry.js';
import { HOST } from '../telemetry/telemetry.module.js';
import { composeKeys, composeKeyStore, type SharedState } from './compose-keys.js';
import { KeyEventReporter } from './events/key-event-reporter.js';
import { KeyEvents } from './events/key-events.js';
import { AutonomousKeyStore } from './fleet/autonomous-key-store.js';
import { clockSkewOf, observeSharing } from './fleet/observe-sharing.js';
import { RedisFleetMembers } from './fleet/redis-fleet-members.js';
import { RedisFleetNews } from './fleet/redis-fleet-news.js';
import { KeyManager } from './key-manager.js';
import { KeyManagers } from './key-managers.js';
import { GuardedHttp } from './source/guarded-http.js';

/** Injection token of {@link SharedState}: the other replicas; `undefined` is injected where nothing is shared. */
const FLEET = Symbol('KeyFleet');

/**
 * Key refresh scheduling: keeps the published keys of all issuers fresh, together with the other replicas where there is a
 * shared store, and knows which keys may be trusted now.
 */
@Module({
  imports: [IssuersModule, ChangesModule],
  providers: [
    {
      provide: KeyEventReporter,
      inject: [HOST, SHARED_REDIS],
      useFactory: (host: Host, redis: SharedRedis | undefined): KeyEventReporter =>
        new KeyEventReporter(host, redis?.region ?? ''),
    },
    { provide: KeyEvents, useExisting: KeyEventReporter },
    { provide: FLEET, inject: [HOST, SHARED_REDIS, CHANGE_LOG], useFactory: fleetOf },
    { provide: KeyManagers, inject: [HOST, KeyEvents, FLEET, IssuerRegistry, Telemetry], useFactory: managersOf },
    { provide: KeyManager, inject: [KeyManagers], useFactory: ({ tokens }: KeyManagers): KeyManager => tokens },
  ],
  exports: [IssuersModule, ChangesModule, KeyEvents, KeyEventReporter, KeyManagers, KeyManager],
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

  /** Stops being counted by the other replicas, and receiving what they store. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.fleet?.members.stop(), this.fleet?.news.stop()]);
  }
}

function fleetOf(
  { clock, replica }: Host,
  redis: SharedRedis | undefined,
  log: ChangeLog | undefined,
): SharedState | undefined {
  if (!redis || !log) return undefined;
  const { connections, names, region } = redis;
  const { primary } = connections;
  return {
    ...redis,
    log,
    members: new RedisFleetMembers({ link: primary, names, clock, replica, region }),
    news: new RedisFleetNews({
      names,
      publisher: primary,
      subscriber: () => connections.subscriber(),
      clock,
    }),
  };
}

function managersOf(
  { clock, metrics }: Host,
  events: KeyEvents,
  fleet: SharedState | undefined,
  tokenIssuers: IssuerRegistry,
  { tracing }: Telemetry,
): KeyManagers {
  const stores: AutonomousKeyStore[] = [];
  if (fleet) observeSharing(metrics, fleet, stores);
  const http = new GuardedHttp(undefined, new ClientRequests({ clock, metrics }));
  const make = (issuers: IssuerRegistry): KeyManager => {
    const parts = { issuers, clock, events };
    const store = composeKeyStore({ ...parts, shared: fleet });
    if (store instanceof AutonomousKeyStore) stores.push(store);
    return composeKeys({ ...parts, store, shared: fleet, http, tracing });
  };
  return new KeyManagers(make, tokenIssuers, () => clockSkewOf(stores));
}
