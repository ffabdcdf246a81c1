/** Most that two sound clocks differ, in milliseconds. Beyond it an operator should know. */
export const CLOCK_SLACK_MS = 5_000;

/**
 * Estimates how far a store's clock is ahead of ours. An answer proves only that the offset lies between two values: the
 * store read its clock after we asked and before its answer came. All answers together narrow that down; one that
 * contradicts them means that a clock was moved. Ages come from the end of the range that makes them too great rather
 * than too small.
 */
export class StoreOffset {
  private range: { readonly leastMs: number; readonly mostMs: number } | undefined;

  /** Store time minus ours; 0 until there was an answer, because then the wall clock is the best guess. */
  get ms(): number {
    return this.range?.mostMs ?? 0;
  }

  /**
   * How far the store's clock is from a wall clock, at least: the store's minus that of the wall. 0 until there was an answer.
   * @param wallAheadMs the wall clock minus our time
   */
  leastFrom(wallAheadMs: number): number {
    if (!this.range) return 0;
    const { leastMs, mostMs } = this.range;
    if (leastMs > wallAheadMs) return leastMs - wallAheadMs;
    return mostMs < wallAheadMs ? mostMs - wallAheadMs : 0;
  }

  observe(askedMs: number, storeMs: number, receivedMs: number): void {
    const before = this.range;
    const leastMs = storeMs - receivedMs;
    const mostMs = storeMs - askedMs;
    const isConsistent = before !== undefined && leastMs <= before.mostMs && mostMs >= before.leastMs;
    this.range = isConsistent
      ? { leastMs: Math.max(leastMs, before.leastMs), mostMs: Math.min(mostMs, before.mostMs) }
      : { leastMs, mostMs };
  }
}
