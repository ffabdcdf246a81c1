/** Puts the keys of all issuers together: the one place where it is seen which part wraps which, and what is shared with other replicas. */
import type { Issuer } from '../issuers/issuer.js';
import type { IssuerRegistry } from '../issuers/issuer-registry.js';
import type { SharedRedis } from '../redis/redis-connections.js';
import type { Clock } from '../shared/clock.js';
import type { Host } from '../telemetry/host.js';
import type { Tracing } from '../telemetry/tracing/tracing.js';
import { Bulkhead } from './bulkhead.js';
import type { KeyEvents } from './events/key-events.js';
import { AutonomousKeyStore } from './fleet/autonomous-key-store.js';
import { FleetFollower } from './fleet/fleet-follower.js';
import type { FleetMembers } from './fleet/fleet-members.js';
import type { ChangeLog } from '../changes/change-log.js';
import type { FleetNews } from './fleet/fleet-news.js';
import { KeyManager } from './key-manager.js';
import { FETCH_DEADLINE_MS } from './key-timing.js';
import { KeyRefresher } from './refresh/key-refresher.js';
import { LocalRecord } from './refresh/local-record.js';
import { RefreshScheduler, type KeyFollower } from './refresh/refresh-scheduler.js';
import { RemoteKeySet } from './remote-key-set.js';
import { GuardedHttp } from './source/guarded-http.js';
import type { KeySource } from './source/key-source.js';
import { keySourceOf } from './source/key-source-of.js';
import { TimedKeySource } from './source/timed-key-source.js';
import { TracedKeySource } from './source/traced-key-source.js';
import { StaticKeySet } from './static-key-set.js';
import type { KeyStore } from './store/key-store.js';
import { MemoryKeyStore } from './store/memory-key-store.js';
import { RedisKeyStore } from './store/redis-key-store.js';

/** What the replicas of one region have in common. */
export interface SharedState extends SharedRedis {
  /** Which replicas there are. */
  readonly members: FleetMembers;
  /** What they store, as soon as it is heard of. */
  readonly news: FleetNews;
  /** What they store, in order. */
  readonly log: ChangeLog;
}

/** What keys and their store are made of. */
interface KeyParts extends Pick<Host, 'clock'> {
  /** Whose keys they are. */
  readonly issuers: IssuerRegistry;
  readonly events: KeyEvents;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
}

/** What a key store is made of. */
export interface KeyStoreParts extends KeyParts {
  /** Absent: one process, in memory. */
  readonly shared?: SharedState | undefined;
}

/** What the keys of a registry are made of; most of the optional parts are for tests. */
export interface KeyManagerParts extends KeyParts {
  readonly store?: KeyStore;
  /** What the other replicas store, where the store is shared. */
  readonly shared?: Pick<SharedState, 'news' | 'log'> | undefined;
  readonly http?: GuardedHttp;
  /** Traces what the schedule does. */
  readonly tracing?: Tracing;
  readonly fetchDeadlineMs?: number;
  /** Makes the source of an issuer's keys, in place of HTTP. */
  readonly sourceOf?: (issuer: () => Issuer) => KeySource;
}

/** Puts the key store together: in memory, or shared by the replicas for as long as it answers. */
export function composeKeyStore(parts: KeyStoreParts): MemoryKeyStore | AutonomousKeyStore {
  const { issuers, clock, events, shared, random = Math.random } = parts;
  if (!shared) return new MemoryKeyStore(clock, random);
  const { connections, mac, names, members, log } = shared;
  const { primary, reader } = connections;
  const issuerIdOf = (source: string): string =>
    issuers.all().find(({ keySourceFingerprint }) => keySourceFingerprint === source)?.id ?? 'unregistered';
  const store = new RedisKeyStore({
    primary,
    ...(reader ? { reader } : {}),
    mac,
    names,
    onRefused: (source, reason) => {
      events.report({ event: 'record_refused', issuerId: issuerIdOf(source), reason });
    },
    announce: (hint, instead) => void log.offer('keys', hint, [instead]),
    random,
  });
  return new AutonomousKeyStore(store, { clock, members, events, random, issuerIdOf });
}

function followFleet({ news, log }: Pick<SharedState, 'news' | 'log'>, clock: Clock): FleetFollower {
  const follower = new FleetFollower(news, clock);
  log.followHints('keys', follower);
  return follower;
}

/** Puts the keys of a registry together; what is wrapped in what can be seen here. Call `start()` on the result. */
export function composeKeys(parts: KeyManagerParts): KeyManager {
  const { issuers, clock, events, random = Math.random } = parts;
  const store = parts.store ?? new MemoryKeyStore(clock, random);
  const http = parts.http ?? new GuardedHttp();
  const bulkhead = new Bulkhead(clock);
  const followers: readonly KeyFollower[] = [
    new RefreshScheduler(clock, parts.tracing),
    ...(parts.shared ? [followFleet(parts.shared, clock)] : []),
  ];

  const keysOf = (issuer: Issuer): StaticKeySet | RemoteKeySet => {
    const { id, keys } = issuer;
    if (keys.kind === 'static') return new StaticKeySet(issuer, keys, clock, events);
    const current = (): Issuer => issuers.byId(id) ?? issuer;
    const source = new TimedKeySource(
      new TracedKeySource(parts.sourceOf?.(current) ?? keySourceOf(keys, current, { http, clock, events }), id),
      clock,
      parts.fetchDeadlineMs ?? FETCH_DEADLINE_MS,
    );
    const local = new LocalRecord(issuer, { store, clock, events, random });
    const refresher = new KeyRefresher(issuer, { local, source, store, clock, events });
    return new RemoteKeySet(issuer, { local, refresher, bulkhead: bulkhead.partition(), clock, events });
  };
  return new KeyManager(issuers, keysOf, followers, clock, events);
}
