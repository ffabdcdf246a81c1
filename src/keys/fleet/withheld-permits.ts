import { LEASE_MS, longestBackoffMs, type KeyTiming } from '../key-timing.js';

/** How a replica waits for a store that permits no fetch. */
interface Wait {
  /** First refusal since there was anything new, or the latest fetch that this replica has permitted itself. */
  readonly sinceMs: number;
  /** Until when the latest refusal said that asking again makes no sense. */
  readonly untilMs: number;
  /** Fetches that this replica has permitted itself without anything new. */
  readonly taken: number;
  /** Uniform in [0, 1): replicas that were refused together do not fetch together. */
  readonly spread: number;
}

/**
 * Notices a store that has permitted nothing for longer than honest replicas can keep one another from fetching. The numbers of
 * its budget are not sealed: who writes plausible ones again and again could stop every fetch, until all keys are too old. What
 * is new, a permit or a record of a fetch that began meanwhile, ends a wait; what is written into the budget does not.
 */
export class WithheldPermits {
  private readonly waits = new Map<string, Wait>();

  /** @param random uniform in [0, 1) */
  constructor(private readonly random: () => number) {}

  /**
   * The store has refused a fetch of `source` until in `retryInMs`.
   * @returns how long this replica still believes it, in milliseconds; 0: it may permit itself a fetch
   */
  refused(source: string, retryInMs: number, timing: KeyTiming, nowMs: number): number {
    const before = this.waits.get(source);
    const longestMs = longestHonestWaitMs(timing);
    // Who did not ask for so long was not kept from fetching.
    const isContinued = before !== undefined && nowMs <= before.untilMs + longestMs;
    const wait = isContinued ? before : { sinceMs: nowMs, taken: 0, spread: this.random() };
    const leftMs = Math.max(0, wait.sinceMs + pauseMs(wait, timing) - nowMs);
    this.waits.set(source, { ...wait, untilMs: nowMs + Math.min(retryInMs, leftMs) });
    return leftMs;
  }

  /** How long the store has permitted nothing, in milliseconds. */
  waitedMs(source: string, nowMs: number): number {
    return nowMs - (this.waits.get(source)?.sinceMs ?? nowMs);
  }

  /** This replica has permitted itself a fetch. Until it brings something new, the next one has to wait twice as long. */
  taken(source: string, nowMs: number): void {
    const taken = (this.waits.get(source)?.taken ?? 0) + 1;
    this.waits.set(source, { sinceMs: nowMs, untilMs: nowMs, taken, spread: this.random() });
  }

  /** The store has permitted a fetch, or one that this replica has permitted itself has succeeded. */
  ended(source: string): void {
    this.waits.delete(source);
  }

  /** There is a record of a fetch that began at `validatedAtMs`. An older one, written again by somebody, ends no wait. */
  seen(source: string, validatedAtMs: number): void {
    const wait = this.waits.get(source);
    if (wait && validatedAtMs > wait.sinceMs - LEASE_MS) this.ended(source);
  }
}

/** As long as a backoff, the fetch after it, and the spacing after that can last. */
export function longestHonestWaitMs(timing: KeyTiming): number {
  return longestBackoffMs(timing) + LEASE_MS + timing.minSpacingMs;
}

/** Doubled with each fetch that brought nothing, up to a quarter of the time that keys live without one; then a tenth of spread. */
function pauseMs({ taken, spread }: Pick<Wait, 'taken' | 'spread'>, timing: KeyTiming): number {
  const longestMs = longestHonestWaitMs(timing);
  return Math.min(longestMs * 2 ** taken, Math.max(longestMs, timing.hardTtlMs / 4)) * (1 + spread / 10);
}
