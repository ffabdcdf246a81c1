import type { Metrics } from '../../telemetry/metrics/metrics.js';
import type { AutonomousKeyStore } from './autonomous-key-store.js';
import type { FleetMembers } from './fleet-members.js';
import type { FleetNews } from './fleet-news.js';

const names = [
  'assay_jwks_autonomous',
  'assay_jwks_redis_clock_skew_seconds',
  'assay_jwks_fleet_replicas',
  'assay_jwks_pubsub_gap_seconds',
] as const;

/** Observes what this replica shares with others: whether it can, with how many, and how far their clocks are apart. */
export function observeSharing(
  metrics: Metrics,
  { members, news, region }: { readonly members: FleetMembers; readonly news: FleetNews; readonly region: string },
  stores: readonly AutonomousKeyStore[],
): void {
  metrics.watch(names, (observe) => {
    const skewsMs = stores.map(({ clockSkewMs }) => clockSkewMs);
    observe('assay_jwks_autonomous', Number(stores.some(({ isAutonomous }) => isAutonomous)), { region });
    observe('assay_jwks_redis_clock_skew_seconds', largest(skewsMs) / 1_000, { region });
    observe('assay_jwks_fleet_replicas', members.size, { region });
    observe('assay_jwks_pubsub_gap_seconds', news.silentForMs / 1_000, { region });
  });
}

/** The one that is farthest from 0. */
function largest(values: readonly number[]): number {
  return values.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
}
