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
    observe('assay_jwks_autonomous', Number(stores.some(({ isAutonomous }) => isAutonomous)), { region });
    observe('assay_jwks_redis_clock_skew_seconds', clockSkewOf(stores) / 1_000, { region });
    observe('assay_jwks_fleet_replicas', members.size, { region });
    observe('assay_jwks_pubsub_gap_seconds', news.silentForMs / 1_000, { region });
  });
}

/** How far the clock of Redis is ahead of ours, at least, by the comparison that found the most; in milliseconds. */
export function clockSkewOf(stores: readonly Pick<AutonomousKeyStore, 'clockSkewMs'>[]): number {
  return stores.reduce((most, { clockSkewMs }) => (Math.abs(clockSkewMs) > Math.abs(most) ? clockSkewMs : most), 0);
}
