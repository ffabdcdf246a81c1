import type { FreshnessState } from './key-freshness.js';
import type { KeySet } from './key-set.js';
import type { KeyTiming } from '../key-timing.js';

/** A compiled set with its age. Immutable; only observations and time change what is accepted. */
export class AcceptedKeys {
  /**
   * @param observedMs monotonic time of the start of the fetch that proved the keys published
   * @param dueAfterMs age at which the next fetch is due, this replica's jitter included
   */
  constructor(
    readonly set: KeySet,
    readonly observedMs: number,
    readonly dueAfterMs: number,
  ) {}

  state(nowMs: number, timing: KeyTiming): Exclude<FreshnessState, 'COLD'> {
    const ageMs = nowMs - this.observedMs;
    if (ageMs >= timing.hardTtlMs) return 'EXPIRED';
    if (ageMs >= timing.degradedAfterMs) return 'STALE';
    return ageMs >= this.dueAfterMs ? 'DUE' : 'FRESH';
  }

  /** Whether the keys may still be trusted. Once they may not, they are not there (invariant I4). */
  areTrusted(nowMs: number, { hardTtlMs }: KeyTiming): boolean {
    return nowMs - this.observedMs < hardTtlMs;
  }
}
