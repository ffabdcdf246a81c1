/** Shows the states of all keys in the metrics. */
import type { Issuer } from '../issuers/issuer.js';
import type { Metrics, Observe } from '../telemetry/metrics/metrics.js';
import { freshnessStates, type KeyFreshness, type KeyView } from './accepted/key-freshness.js';
import type { ManagedIssuers } from './key-managers.js';
import { registrationOf } from '../issuers/subject-scope.js';
import { sum, worstOf } from './worst-freshness.js';
import type { LatestAnswers } from './events/latest-answers.js';

/** What is read when metrics are scraped. */
export interface ObservedKeys {
  /** Issuers of tokens, and callers as issuers of their assertions. */
  readonly sides: readonly ManagedIssuers[];
  readonly answers: Pick<LatestAnswers, 'of'>;
  /** How many keys of an issuer operators have denied. */
  readonly deniedOf: (issuer: Issuer) => number;
  /** Empty where there is none. */
  readonly region: string;
}

const names = [
  'assay_jwks_age_seconds',
  'assay_jwks_hard_ttl_seconds',
  'assay_jwks_state',
  'assay_jwks_set_digest',
  'assay_jwks_set_fence',
  'assay_jwks_keys',
  'assay_jwks_upstream_age_seconds',
  'assay_jwks_fetch_last_timestamp_seconds',
  'assay_jwks_backoff_seconds',
  'assay_jwks_waiters',
] as const;

type ObserveKeys = Observe<(typeof names)[number]>;

/** Observes the keys of every registered issuer, as they are at the moment of the scrape. */
export function observeKeys(metrics: Metrics, observed: ObservedKeys): void {
  metrics.watch(names, (observe) => {
    for (const { issuers, keys } of observed.sides) {
      for (const [id, members] of Map.groupBy(issuers.all(), registrationOf)) {
        const all = members.flatMap((issuer) => keys.freshnessOf(issuer) ?? []);
        const [freshness, [issuer]] = [worstOf(all), members];
        if (!freshness || !issuer) continue;
        observeFreshness(observe, { ...issuer, id }, freshness, observed.region);
        observeKeyStates(observe, id, freshness, { ...observed, ...sumsOf(members, observed) });
      }
    }
  });
}

/** What the tenants of a registration have together, where they have keys of their own. */
interface Sums {
  readonly dropped: number;
  readonly upstreamAgeMs: number;
  readonly denied: number;
}

function sumsOf(issuers: readonly Issuer[], { answers, deniedOf }: ObservedKeys): Sums {
  const latest = issuers.map(({ id }) => answers.of(id));
  return {
    dropped: sum(latest.map(({ dropped }) => dropped)),
    upstreamAgeMs: Math.max(...latest.map(({ upstreamAgeMs }) => upstreamAgeMs)),
    denied: sum(issuers.map(deniedOf)),
  };
}

function observeFreshness(observe: ObserveKeys, issuer: Issuer, freshness: KeyFreshness, region: string): void {
  const labels = { issuer: issuer.id, region };
  const { ageMs, fence, attemptedAtMs, succeededAtMs, lastFailure } = freshness;
  if (ageMs !== undefined) observe('assay_jwks_age_seconds', ageMs / 1_000, labels);
  observe('assay_jwks_hard_ttl_seconds', issuer.freshness.hardTtlMs / 1_000, labels);
  for (const state of freshnessStates)
    observe('assay_jwks_state', Number(state === freshness.state), { ...labels, state });
  if (fence !== undefined) observe('assay_jwks_set_fence', fence, labels);
  observe('assay_jwks_set_digest', digestNumber(freshness.digest), labels);
  observe('assay_jwks_backoff_seconds', freshness.blockedForMs / 1_000, labels);
  observe('assay_jwks_waiters', freshness.waiting, labels);
  const times = { attempt: attemptedAtMs, success: succeededAtMs, failure: lastFailure?.atMs };
  for (const [result, atMs] of Object.entries(times)) {
    if (atMs !== undefined) observe('assay_jwks_fetch_last_timestamp_seconds', atMs / 1_000, { ...labels, result });
  }
}

function observeKeyStates(
  observe: ObserveKeys,
  id: string,
  { keys, tombstones }: KeyFreshness,
  { dropped, upstreamAgeMs, denied, region }: Sums & Pick<ObservedKeys, 'region'>,
): void {
  const labels = { issuer: id, region };
  observe('assay_jwks_upstream_age_seconds', upstreamAgeMs / 1_000, labels);
  const inState = (state: KeyView['state']): number => keys.filter((key) => key.state === state).length;
  const counts = {
    active: inState('active'),
    retiring: inState('retiring'),
    returning: inState('returning'),
    tombstoned: tombstones,
    denied,
    dropped,
  };
  for (const [state, count] of Object.entries(counts)) observe('assay_jwks_keys', count, { ...labels, state });
}

/** The first 48 bits: as many as a float of Prometheus holds exactly. A label would be a new series with every rotation. */
function digestNumber(digest: string): number {
  return Buffer.from(digest, 'base64url').readUIntBE(0, 6);
}
