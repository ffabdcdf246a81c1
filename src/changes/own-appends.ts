import type { Clock } from '../shared/clock.js';

/** How often a decision of ours that is not in the log may be a reason to read all of them again. In milliseconds. */
const DOUBT_PAUSE_MS = 10_000;

/**
 * The latest decision that this replica has appended, until it has read as far: a failover may take away what nobody has read yet, and
 * then only the replica that has appended it can know. A read replica that is behind looks the same, so that doubt is rare.
 */
export class OwnAppends {
  /** Place of that decision; 0: none. */
  private latest = 0;
  private doubtedAtMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly clock: Pick<Clock, 'monoMs'>) {}

  add(place: number): void {
    this.latest = Math.max(this.latest, place);
  }

  /** What was appended until now, for {@link areLost}. */
  get place(): number {
    return this.latest;
  }

  /** The store has lost entries, and all are read again anyway. */
  forget(): void {
    this.latest = 0;
  }

  /**
   * Whether what was appended is missing in a reading.
   * @param last place up to which was read
   * @param asked {@link place} before the question was asked
   */
  areLost(last: number, asked: number): boolean {
    if (this.latest === asked) this.latest = 0;
    const nowMs = this.clock.monoMs();
    if (last >= asked || nowMs - this.doubtedAtMs < DOUBT_PAUSE_MS) return false;
    this.doubtedAtMs = nowMs;
    return true;
  }
}
