import type { SharedState } from '../keys/store/compose-key-store.js';
import { RecordMac } from '../redis/record-mac.js';
import { RedisFleetMembers } from '../keys/fleet/redis-fleet-members.js';
import { RedisFleetNews } from '../keys/fleet/redis-fleet-news.js';
import type { PreparedConfiguration } from './prepare-configuration.js';
import { RedisConnections } from '../redis/redis-connections.js';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics/metrics.js';

/** What sharing needs from the process. */
export interface SharingTools {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Name of this process, unique among all replicas. */
  readonly replica: string;
}

/** What this process shares with other replicas; nothing where the configuration has no `redis`. Not connected yet. */
export function shareState(
  { redis }: PreparedConfiguration,
  { clock, logger, metrics, replica }: SharingTools,
): SharedState | undefined {
  if (!redis) return undefined;
  const connections = new RedisConnections(redis, { clock, logger, metrics });
  const { primary, reader } = connections;
  const region = redis.region ?? '';
  return {
    connections,
    mac: new RecordMac(redis.environment, redis.recordKeys),
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
