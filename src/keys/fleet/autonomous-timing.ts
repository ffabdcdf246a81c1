import type { FetchRequest } from '../store/key-store.js';
import type { KeyTiming } from '../key-timing.js';

const second = 1_000;

/** Each replica makes all of them wait this much longer between refreshes: together they make some 40 a minute. */
const REFRESH_SHARE_MS = 1.5 * second;
/** No replica waits longer for an unknown key's fetch, however many there are: a rotation is picked up within it. */
const LONGEST_MISS_COOLDOWN_MS = 120 * second;
/** No replica pauses longer after failures, however many there are. */
const LONGEST_BACKOFF_MS = 120 * second;

/**
 * The timing of a replica that cannot ask the others: everything that costs the issuer a fetch is stretched by their
 * number, so that all of them together cost it about what one costs (F2).
 * @param replicas how many fetch alone, this one included
 */
export function autonomousTiming(timing: KeyTiming, replicas: number): KeyTiming {
  const { missCooldownMs, missAfterFailureMs, backoffBaseMs, backoffCapMs } = timing;
  return {
    ...timing,
    missCooldownMs: stretched(missCooldownMs, replicas, LONGEST_MISS_COOLDOWN_MS),
    missAfterFailureMs: stretched(missAfterFailureMs, replicas, LONGEST_MISS_COOLDOWN_MS),
    backoffBaseMs: stretched(backoffBaseMs, replicas, LONGEST_BACKOFF_MS),
    backoffCapMs: stretched(backoffCapMs, replicas, LONGEST_BACKOFF_MS),
  };
}

/** A request for a fetch, in the timing of a replica that cannot ask the others. */
export function autonomousRequest(request: FetchRequest, replicas: number): FetchRequest {
  const { dueAfterMs, timing } = request;
  const shareMs = Math.min(REFRESH_SHARE_MS * replicas, timing.hardTtlMs / 4);
  return {
    ...request,
    dueAfterMs: Math.max(dueAfterMs, shareMs),
    timing: autonomousTiming(timing, replicas),
  };
}

function stretched(ms: number, replicas: number, longestMs: number): number {
  return Math.max(ms, Math.min(ms * replicas, longestMs));
}
