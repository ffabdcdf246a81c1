import type { UpstreamState } from '../upstream/upstream-history.js';
import { iso, seconds } from './time-view.js';

type Json = Readonly<Record<string, unknown>>;

/**
 * How asking an issuer about its opaque tokens goes at this replica, as operators see it. Times are ISO 8601, durations in seconds; `hitRatio`
 * is the part of the tokens that needed no question, and absent before the first token.
 */
export function upstreamView(state: UpstreamState): Json {
  const { isGivenUp, retryInMs, inFlight, succeededAtMs, lastFailure, sinceMs, asked, spared } = state;
  const tokens = asked + spared;
  return {
    breaker: isGivenUp ? 'open' : 'closed',
    ...(isGivenUp && { retryInSeconds: seconds(retryInMs) }),
    inFlight,
    ...(succeededAtMs !== undefined && { lastSuccess: iso(succeededAtMs) }),
    ...(lastFailure && { lastError: { category: lastFailure.category, at: iso(lastFailure.atMs) } }),
    since: iso(sinceMs),
    asked,
    spared,
    ...(tokens > 0 && { hitRatio: Math.round((spared / tokens) * 1_000) / 1_000 }),
  };
}
