/** Every time in the life of a key: those that are constants with their reasons, and those that follow from the configuration. */
import type { Freshness } from '../issuers/issuer.js';

const second = 1_000;
const minute = 60 * second;

/** Longest life of one fetch from an issuer, from DNS to the last byte: slow drips end here too. */
export const FETCH_DEADLINE_MS = 3 * second;

/** Longest life of a connection attempt, so that a dead address leaves time for a second attempt. */
export const CONNECT_TIMEOUT_MS = second;

/** How long one fetcher keeps others out. Fencing covers a fetcher that wakes up after that. */
export const LEASE_MS = 2 * FETCH_DEADLINE_MS;

/** Longest wait of a request for keys that are not there at all. Then its caller is asked to try again later. */
export const COLD_WAIT_MS = 2.5 * second;

/**
 * Longest wait of a request for one unknown key. Then its token is not good, for now. Long enough to sit out the spacing
 * after an earlier fetch, so that a key works on its first use even right after another one did.
 */
export const MISS_WAIT_MS = 2.5 * second;

/** At most one request to the store per issuer and second under a flood of unknown keys, with O(1) memory. */
export const MISS_GATE_MS = second;

/** Issuers ask for hours; more than this would be their outage becoming ours. */
const LONGEST_RETRY_AFTER_MS = 5 * minute;

/** Short enough that new keys work soon after an outage, long enough that an issuer in trouble does not notice. */
const MISS_AFTER_FAILURE_MS = 10 * second;

/** Published sets say `max-age=0` as well as 38 days; below a minute the issuer would be polled. */
const SHORTEST_REFRESH_MS = minute;

/** What follows from an issuer's {@link Freshness}. All times in milliseconds. */
export interface KeyTiming extends Freshness {
  /** A key set that says it lives shorter than this is nevertheless kept this long. */
  readonly leastRefreshMs: number;
  /** From this age on the keys are STALE: refreshing has failed several times, an operator should know. */
  readonly degradedAfterMs: number;
  /** Keys are fetched again this long after one of them vanished. */
  readonly confirmDelayMs: number;
  /** A vanished key is refused after this long, even without the second fetch. */
  readonly retireMaxMs: number;
  /** A key that was removed must be seen for this long before it is accepted again. */
  readonly readdConfirmMs: number;
  /** An empty set is adopted when it was seen over at least this long … */
  readonly emptyOverMs: number;
  /** … in at least this many fetches. Nearly always it is an error, and adopting it is a total outage. */
  readonly emptyFetches: number;
  readonly backoffBaseMs: number;
  readonly backoffCapMs: number;
  /**
   * While the latest fetch failed, unknown keys get one fetch in this time, whatever the backoff and their budget say: an
   * issuer that comes back with new keys is found out within it.
   */
  readonly missAfterFailureMs: number;
}

/**
 * Timings for one issuer. The defaults of `refresh` give the published bounds (docs/key-lifecycle.md); a shorter `refresh`
 * shrinks everything that would otherwise outlast several refreshes, so that the behaviour can be watched in seconds.
 */
export function timingOf(freshness: Freshness): KeyTiming {
  const { refreshMs, hardTtlMs, minSpacingMs, missCooldownMs } = freshness;
  // A second fetch cannot come before the spacing allows it, and need not come after half a refresh.
  const confirmDelayMs = Math.max(minSpacingMs, Math.min(10 * second, refreshMs / 2));
  return {
    ...freshness,
    leastRefreshMs: Math.min(SHORTEST_REFRESH_MS, refreshMs),
    degradedAfterMs: Math.min(3 * refreshMs, hardTtlMs),
    confirmDelayMs,
    retireMaxMs: 3 * confirmDelayMs,
    readdConfirmMs: 6 * confirmDelayMs,
    emptyOverMs: freshness.isEmptyMeant ? 0 : 12 * confirmDelayMs,
    emptyFetches: freshness.isEmptyMeant ? 1 : 3,
    backoffBaseMs: Math.min(2 * second, refreshMs),
    backoffCapMs: Math.min(minute, 2 * refreshMs),
    missAfterFailureMs: Math.max(minSpacingMs, Math.min(MISS_AFTER_FAILURE_MS, missCooldownMs)),
  };
}

/** How long after a fetch the next one is due: what the issuer says, within `leastRefresh` and `refresh`. */
export function refreshAfterMs(lifetimeMs: number | undefined, timing: KeyTiming): number {
  return Math.max(timing.leastRefreshMs, Math.min(lifetimeMs ?? timing.refreshMs, timing.refreshMs));
}

/**
 * How much of an issuer's `Retry-After` is honoured: at most five minutes, and never so much that keys which are still
 * good would expire waiting.
 * @param ageMs age of the accepted keys; `undefined` when there are none
 */
export function honouredRetryAfterMs(askedMs: number, ageMs: number | undefined, timing: KeyTiming): number {
  const untilExpiryMs = Math.max(0, timing.hardTtlMs - (ageMs ?? 0));
  return Math.min(askedMs, LONGEST_RETRY_AFTER_MS, untilExpiryMs / 4);
}

/** No backoff lasts longer, whatever an issuer asks for: see {@link honouredRetryAfterMs}. */
export function longestBackoffMs({ backoffCapMs, hardTtlMs }: KeyTiming): number {
  return Math.max(backoffCapMs, Math.min(LONGEST_RETRY_AFTER_MS, hardTtlMs / 4));
}

/** Exponential backoff before attempt `failures + 1`, spread over its upper half so that fleets do not step together. */
export function backoffMs(failures: number, random: () => number, timing: KeyTiming): number {
  const fullMs = Math.min(timing.backoffBaseMs * 2 ** (failures - 1), timing.backoffCapMs);
  return fullMs * (0.5 + random() / 2);
}
