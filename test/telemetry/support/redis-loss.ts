import type { Series, Values } from './healthy-series.js';

const region = { region: 'eu' };
const roles = ['primary', 'reader'];
const issuers = ['corp', 'partner', 'shop'];
const replicas = ['a', 'b', 'c'] as const;

/** What three replicas with three issuers show when Redis, its reader too, is away from the fifth minute to the twentieth. */
export const redisLoss: readonly Series[] = replicas.flatMap((at) => [
  ...roles.map((role) => ({ name: 'assay_jwks_redis_breaker', labels: { role }, at, values: whileAway(1, 0) })),
  { name: 'assay_jwks_autonomous', labels: region, at, values: whileAway(1, 0) },
  { name: 'assay_jwks_fleet_replicas', labels: region, at, values: whileAway(10, 3) },
  { name: 'assay_jwks_pubsub_gap_seconds', labels: region, at, values: whileAway((minute) => (minute - 5) * 60, 1) },
  ...issuers.map((issuer) => ({
    name: 'assay_jwks_fetch_total',
    labels: { issuer, ...region, kind: 'auto', result: 'unchanged' },
    at,
    values: (minute: number) => (minute < 6 ? undefined : Math.min(minute, 20) - 5),
  })),
]);

function whileAway(away: Values, otherwise: number): Values {
  return (minute) => {
    if (minute < 5 || minute >= 20) return otherwise;
    return typeof away === 'number' ? away : away(minute);
  };
}
