import type { Clock } from '../shared/clock.js';

/** How often the same is written. */
export interface ThrottleTerms {
  /** Least time between two lines of one name, in milliseconds. */
  readonly spacingMs: number;
  /** Names that are remembered. When there are more, all are forgotten, and may be written again. */
  readonly mostNames?: number;
}

/** Lets a line through once, and again after a while: what happens with every request must not fill the log. */
export class LogThrottle {
  private readonly writtenAtMs = new Map<string, number>();

  constructor(
    private readonly clock: Pick<Clock, 'monoMs'>,
    private readonly terms: ThrottleTerms,
  ) {}

  /**
   * @param name of what would be written
   * @returns whether it is to be written now
   */
  admit(name: string): boolean {
    const { spacingMs, mostNames = Number.POSITIVE_INFINITY } = this.terms;
    const nowMs = this.clock.monoMs();
    const lastMs = this.writtenAtMs.get(name);
    if (lastMs !== undefined && nowMs - lastMs < spacingMs) return false;
    if (this.writtenAtMs.size >= mostNames) this.writtenAtMs.clear();
    this.writtenAtMs.set(name, nowMs);
    return true;
  }

  /** The next line of each name is let through. */
  reset(): void {
    this.writtenAtMs.clear();
  }
}
