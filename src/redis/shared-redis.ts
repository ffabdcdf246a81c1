import type { RedisConnections } from './redis-connections.js';
import type { RecordMac } from './record-mac.js';

/** Where the replicas of one region meet. */
export interface SharedRedis {
  readonly connections: RedisConnections;
  /** Seals and checks what replicas keep there. */
  readonly mac: RecordMac;
  /** Name of the region; empty where it has none. */
  readonly region: string;
}
