import type { Metrics } from '../telemetry/metrics/metrics.js';
import type { VerifiedTokenCache } from './verified-token-cache.js';

const names = [
  'assay_verified_token_cache_lookups_total',
  'assay_verified_token_cache_entries',
  'assay_verified_token_cache_bytes',
  'assay_verified_token_cache_limit_bytes',
] as const;

/** Shows in the metrics how well tokens are remembered, and what that occupies. */
export function observeCache(metrics: Metrics, cache: VerifiedTokenCache): void {
  metrics.watch(names, (observe) => {
    const { hits, misses, entries, bytes, limitBytes } = cache.usage();
    observe('assay_verified_token_cache_lookups_total', hits, { result: 'hit' });
    observe('assay_verified_token_cache_lookups_total', misses, { result: 'miss' });
    observe('assay_verified_token_cache_entries', entries, {});
    observe('assay_verified_token_cache_bytes', bytes, {});
    observe('assay_verified_token_cache_limit_bytes', limitBytes, {});
  });
}
