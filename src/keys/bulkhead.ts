import type { Clock } from '../shared/clock.js';

/** Requests that wait for any issuer, together: what a flood costs in memory is bounded. */
const MOST_IN_PROCESS = 2_048;
/** Requests that wait for one issuer, so that one that hangs does not take all places. */
const MOST_PER_ISSUER = 256;

/** Bounds how many requests wait for keys. One for the process, with a partition for each issuer. */
export class Bulkhead {
  private waiting = 0;

  constructor(private readonly clock: Clock) {}

  /** Makes the partition of one issuer. */
  partition(): BulkheadPartition {
    return new BulkheadPartition(this);
  }

  /** @internal Waits if there is room. @returns whether there was */
  async admit(work: Promise<void>, longestMs: number): Promise<boolean> {
    if (this.waiting >= MOST_IN_PROCESS) return false;
    this.waiting++;
    const over = new AbortController();
    try {
      await Promise.race([work, this.clock.sleep(longestMs, over.signal)]);
      return true;
    } finally {
      over.abort();
      this.waiting--;
    }
  }
}

/** The part of the bulkhead that belongs to one issuer. */
export class BulkheadPartition {
  private waiting = 0;

  constructor(private readonly bulkhead: Bulkhead) {}

  /** Requests waiting now. */
  get size(): number {
    return this.waiting;
  }

  /**
   * Waits for `work`, but not longer than `longestMs`, and not at all when all places are taken. The work goes on.
   * @returns whether it waited
   */
  async wait(work: Promise<void>, longestMs: number): Promise<boolean> {
    if (this.waiting >= MOST_PER_ISSUER) return false;
    this.waiting++;
    try {
      return await this.bulkhead.admit(work, longestMs);
    } finally {
      this.waiting--;
    }
  }
}
