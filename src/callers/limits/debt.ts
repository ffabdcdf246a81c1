/** How much may be owed, and how fast time pays it. */
export interface DebtTerms {
  /** Events in a row before the first is one too many. */
  readonly burst: number;
  /** Milliseconds in which one event is forgiven. */
  readonly forgiveMs: number;
}

/** A leaky bucket (GCRA): each event owes `forgiveMs`, time pays, and no more than a burst is ever owed. */
export class Debt {
  /** Monotonic time at which all is paid. */
  private paidAtMs = -Infinity;

  constructor(private readonly terms: DebtTerms) {}

  /** Milliseconds until one more event would fit; 0 = now. */
  waitMs(nowMs: number): number {
    const { burst, forgiveMs } = this.terms;
    return Math.max(0, this.paidAtMs - nowMs - (burst - 1) * forgiveMs);
  }

  /** Adds one event. Debts do not grow beyond the burst: whoever stops is soon forgiven. */
  add(nowMs: number): void {
    const { burst, forgiveMs } = this.terms;
    this.paidAtMs = nowMs + Math.min(Math.max(0, this.paidAtMs - nowMs) + forgiveMs, burst * forgiveMs);
  }
}
