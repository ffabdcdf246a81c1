import type { KeyManagers } from '../keys/key-managers.js';
import type { SharedRedis } from '../redis/redis-connections.js';
import type { ActiveConfiguration } from '../shared/configuration/active-configuration.js';
import { version } from '../shared/package-root.js';
import type { Host } from '../telemetry/host.js';
import { LoopLag } from '../telemetry/loop-lag.js';
import type { ReplicaAccount } from './replica-account.js';

/** What this replica says about itself, each time that it is asked. */
export function accountOf(
  { clock }: Pick<Host, 'clock'>,
  configuration: ActiveConfiguration,
  redis: SharedRedis | undefined,
  managers: Pick<KeyManagers, 'clockSkewMs'>,
): () => ReplicaAccount {
  const startedAtMs = Math.round(clock.wallMs() - process.uptime() * 1_000);
  const lag = new LoopLag(clock);
  return () => {
    const { digest, sinceMs } = configuration.version;
    return {
      version,
      configuration: digest,
      configuredAtMs: Math.round(sinceMs),
      startedAtMs,
      store: !redis ? 'none' : redis.connections.primary.breakerState === 'closed' ? 'reachable' : 'away',
      ...(redis && { clockSkewMs: Math.round(managers.clockSkewMs) }),
      memoryBytes: process.memoryUsage.rss(),
      loopDelayMs: Math.round(lag.take().p99 * 1_000),
    };
  };
}
