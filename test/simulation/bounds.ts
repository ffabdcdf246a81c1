import { defaultFreshness } from '../../src/issuers/freshness.config.js';
import { POLL_MS } from '../../src/changes/change-store.js';
import { FETCH_DEADLINE_MS, timingOf, type KeyTiming } from '../../src/keys/key-timing.js';
import { CLOCK_SLACK_MS } from '../../src/keys/fleet/store-offset.js';

/** The published bounds (docs/key-lifecycle.md), computed once for all checkers, from the timings of the code. Milliseconds. */
export interface Bounds {
  /** A removed key is refused after this long, with the issuer and the store reachable all the time. */
  readonly removal: number;
  /** The same while every replica decides alone. */
  readonly removalAlone: (replicas: number) => number;
  /** Nothing is accepted this long after the last proof that it was published. */
  readonly hardTtl: number;
  /** A new key works after this long under an attack. */
  readonly pickUp: number;
  /** The same while every replica decides alone. */
  readonly pickUpAlone: number;
  /** A key that an issuer has when it comes back after an outage works after this long, under an attack as well. */
  readonly pickUpAfterOutage: number;
  /** Greatest age of a set that is refreshed. */
  readonly age: number;
  readonly timing: KeyTiming;
}

export function boundsOf(hardTtlMs: number): Bounds {
  const timing = timingOf({ ...defaultFreshness, hardTtlMs });
  const { refreshMs, retireMaxMs, missCooldownMs, missAfterFailureMs } = timing;
  const alone = (replicas: number): number => Math.max(refreshMs, 1_500 * replicas);
  return {
    removal: refreshMs + FETCH_DEADLINE_MS + retireMaxMs + POLL_MS + CLOCK_SLACK_MS,
    removalAlone: (replicas) => alone(replicas) + FETCH_DEADLINE_MS + retireMaxMs + CLOCK_SLACK_MS,
    hardTtl: hardTtlMs + CLOCK_SLACK_MS,
    pickUp: missCooldownMs + FETCH_DEADLINE_MS + POLL_MS,
    pickUpAlone: 120_000 + FETCH_DEADLINE_MS,
    pickUpAfterOutage: missAfterFailureMs + FETCH_DEADLINE_MS + POLL_MS,
    age: refreshMs + FETCH_DEADLINE_MS + POLL_MS + CLOCK_SLACK_MS,
    timing,
  };
}

/** Most fetches for unknown keys that one domain may start within a window (I1): the whole of a GCRA's generosity. */
export function mostMisses(windowMs: number, { missBurst, missCooldownMs }: KeyTiming): number {
  return missBurst + Math.floor(windowMs / missCooldownMs);
}

/**
 * Most fetches that one domain may start within a window.
 * @param changes answers that differed from the one before
 * @param failed fetches of the window that failed, each of which may be repeated once
 */
export function mostStarts(windowMs: number, changes: number, failed: number, timing: KeyTiming): number {
  const scheduled = Math.ceil(windowMs / (0.9 * timing.refreshMs)) + 1;
  return mostMisses(windowMs, timing) + scheduled + 2 * changes + failed;
}

/** Most fetches from an issuer that fails all the time which one replica starts alone, among so many that do (finding F2). */
export function mostFailingStartsAlone(
  windowMs: number,
  replicas: number,
  { backoffBaseMs, missAfterFailureMs }: KeyTiming,
): number {
  let starts = 1;
  for (let sinceMs = 0, failures = 0; ; failures++) {
    const pauseMs = Math.min(backoffBaseMs * replicas * 2 ** failures, 120_000) / 2;
    sinceMs += Math.min(pauseMs, missAfterFailureMs * replicas);
    if (sinceMs > windowMs) return starts;
    starts++;
  }
}
