import type { IssuerRegistry } from '../../issuers/issuer-registry.js';
import type { RedisConnections } from '../../redis/redis-connections.js';
import type { Clock } from '../../shared/clock.js';
import { AutonomousKeyStore } from '../fleet/autonomous-key-store.js';
import type { FleetMembers } from '../fleet/fleet-members.js';
import type { FleetNews } from '../fleet/fleet-news.js';
import type { KeyEvents } from '../events/key-events.js';
import { MemoryKeyStore } from './memory-key-store.js';
import type { RecordMac } from '../../redis/record-mac.js';
import { RedisKeyStore } from './redis-key-store.js';

/** What the replicas of one region have in common. */
export interface SharedState {
  readonly connections: RedisConnections;
  readonly mac: RecordMac;
  /** Name of the region; empty where it has none. */
  readonly region: string;
  /** Name of this replica, unique among all. */
  readonly replica: string;
  /** Who else is there. */
  readonly members: FleetMembers;
  /** What they store. */
  readonly news: FleetNews;
}

/** What a key store needs from outside. */
export interface KeyStoreTools {
  /** Whose sources are stored, for events. */
  readonly issuers: IssuerRegistry;
  readonly clock: Clock;
  readonly events: KeyEvents;
  /** Absent: one process, in memory. */
  readonly shared?: SharedState;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
}

/** Puts the key store together: the one place where it can be seen what is wrapped in what. */
export function composeKeyStore({
  issuers,
  clock,
  events,
  shared,
  random = Math.random,
}: KeyStoreTools): MemoryKeyStore | AutonomousKeyStore {
  if (!shared) return new MemoryKeyStore(clock, random);
  const { connections, members } = shared;
  const { primary, reader } = connections;
  const store = new RedisKeyStore({
    primary,
    ...(reader ? { reader } : {}),
    mac: shared.mac,
    events,
    issuerIdOf: (source) => issuers.all().find(({ keySourceFingerprint }) => keySourceFingerprint === source)?.id,
    random,
  });
  return new AutonomousKeyStore(store, { clock, members, events, random });
}
