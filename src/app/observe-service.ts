import type { CallerDirectory } from '../callers/registration/caller-directory.js';
import type { Readiness } from '../health/readiness.js';
import type { Overload } from '../transport/overload.js';
import type { IssuerRegistry } from '../issuers/issuer-registry.js';
import type { VerifiedTokenCache } from '../verification/verified-token-cache.js';
import type { Metrics } from '../telemetry/metrics/metrics.js';

/** What is looked at when somebody asks for the metrics. */
export interface ObservedService {
  readonly readiness: Readiness;
  readonly issuers: IssuerRegistry;
  readonly callers: CallerDirectory;
  readonly verifiedTokens: VerifiedTokenCache;
  readonly overload: Overload;
}

const names = [
  'assay_ready',
  'assay_issuers',
  'assay_callers',
  'assay_event_loop_delay_seconds',
  'assay_verified_token_cache_lookups_total',
  'assay_verified_token_cache_entries',
  'assay_verified_token_cache_bytes',
  'assay_verified_token_cache_limit_bytes',
] as const;

/** Tells how the service as a whole stands. */
export function observeService(
  metrics: Metrics,
  { readiness, issuers, callers, verifiedTokens, overload }: ObservedService,
): void {
  metrics.watch(names, (observe) => {
    const { hits, misses, entries, bytes, limitBytes } = verifiedTokens.usage();
    observe('assay_verified_token_cache_lookups_total', hits, { result: 'hit' });
    observe('assay_verified_token_cache_lookups_total', misses, { result: 'miss' });
    observe('assay_verified_token_cache_entries', entries, {});
    observe('assay_verified_token_cache_bytes', bytes, {});
    observe('assay_verified_token_cache_limit_bytes', limitBytes, {});
    observe('assay_ready', Number(readiness.isReady), {});
    observe('assay_issuers', issuers.all().length, {});
    observe('assay_callers', callers.size, {});
    observe('assay_event_loop_delay_seconds', overload.delayMs / 1_000, {});
  });
}
