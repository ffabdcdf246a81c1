import type { Issuer } from '../issuers/issuer.js';
import type { IssuerRegistry } from '../issuers/issuer-registry.js';
import type { Clock } from '../shared/clock.js';
import { RemoteKeySet } from './remote-key-set.js';
import { FleetFollower } from './fleet/fleet-follower.js';
import type { FleetNews } from './fleet/fleet-news.js';
import { GuardedHttp } from './source/guarded-http.js';
import type { KeyEvents } from './events/key-events.js';
import type { KeyFollower } from './fleet/key-follower.js';
import { KeyManager } from './key-manager.js';
import type { KeySource } from './source/key-source.js';
import { keySourceOf } from './source/key-source-of.js';
import type { KeyStore } from './store/key-store.js';
import { FETCH_DEADLINE_MS } from './key-timing.js';
import { KeyRefresher } from './refresh/key-refresher.js';
import { MemoryKeyStore } from './store/memory-key-store.js';
import { RefreshScheduler } from './refresh/refresh-scheduler.js';
import { StaticKeySet } from './static-key-set.js';
import { TimedKeySource } from './source/timed-key-source.js';
import { TracedKeySource } from './source/traced-key-source.js';
import { Bulkhead } from './bulkhead.js';

/** What the keys need from outside; the optional ones are for tests and for a shared store. */
export interface KeyTools {
  readonly issuers: IssuerRegistry;
  readonly clock: Clock;
  readonly events: KeyEvents;
  readonly store?: KeyStore;
  /** What the other replicas store, where the store is shared. */
  readonly news?: FleetNews;
  readonly http?: GuardedHttp;
  readonly fetchDeadlineMs?: number;
  /** Makes the source of an issuer's keys, in place of HTTP. */
  readonly sourceOf?: (issuer: () => Issuer) => KeySource;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
}

/** Puts the keys together: the one place where it can be seen what is wrapped in what. Call `start()` on the result. */
export function composeKeys(tools: KeyTools): KeyManager {
  const { issuers, clock, events, random = Math.random } = tools;
  const store = tools.store ?? new MemoryKeyStore(clock, random);
  const http = tools.http ?? new GuardedHttp();
  const bulkhead = new Bulkhead(clock);
  const followers: readonly KeyFollower[] = [
    new RefreshScheduler(clock),
    ...(tools.news ? [new FleetFollower(tools.news, clock, random)] : []),
  ];

  const keysOf = (issuer: Issuer): StaticKeySet | RemoteKeySet => {
    const { id, keys } = issuer;
    if (keys.kind === 'static') return new StaticKeySet(issuer, keys, clock, events);
    const current = (): Issuer => issuers.byId(id) ?? issuer;
    const source = new TimedKeySource(
      new TracedKeySource(tools.sourceOf?.(current) ?? keySourceOf(keys, current, { http, clock, events }), id),
      clock,
      tools.fetchDeadlineMs ?? FETCH_DEADLINE_MS,
    );
    const refresher = new KeyRefresher(issuer, { source, store, clock, events, random });
    return new RemoteKeySet(issuer, refresher, bulkhead.partition(), clock, events);
  };
  return new KeyManager(issuers, keysOf, followers, clock);
}
