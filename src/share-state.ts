import type { SharedState } from './keys/compose-key-store.js';
import { RecordMac } from './keys/record-mac.js';
import type { PreparedConfiguration } from './prepare-configuration.js';
import { RedisConnections } from './redis/redis-connections.js';
import type { Clock } from './shared/clock.js';
import type { Logger } from './telemetry/logger.js';

/** What this process shares with other replicas; nothing where the configuration has no `redis`. Not connected yet. */
export function shareState({ redis }: PreparedConfiguration, clock: Clock, logger: Logger): SharedState | undefined {
  if (!redis) return undefined;
  return {
    connections: new RedisConnections(redis, clock, logger),
    mac: new RecordMac(redis.environment, redis.recordKeys),
    region: redis.region ?? '',
  };
}
