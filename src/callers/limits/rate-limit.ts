import type { Clock } from '../../shared/clock.js';

/** How often something may happen. */
export interface RateLimit {
  /** Times per second in the long run. */
  readonly perSecond: number;
  /** Times at once. */
  readonly burst: number;
  /** All replicas together. */
  readonly shared: boolean;
}

/** One caller's limit: says whether it may ask now. */
export interface Meter {
  /** Counts one request. @returns milliseconds to wait, where it is one too many: then it is not counted; 0 = go on */
  charge(): number;
}

/**
 * A token bucket on the monotonic clock, as a debt (GCRA): each request owes `1 / perSecond`, time pays, and no more than
 * `burst` requests may be owed.
 */
export class LocalMeter implements Meter {
  /** Monotonic time at which all is paid. */
  private paidAtMs = -Infinity;

  constructor(
    private readonly limit: RateLimit,
    private readonly clock: Clock,
  ) {}

  charge(): number {
    const nowMs = this.clock.monoMs();
    const { perSecond, burst } = this.limit;
    const priceMs = 1000 / perSecond;
    const owedMs = Math.max(0, this.paidAtMs - nowMs);
    const excessMs = owedMs + priceMs - burst * priceMs;
    // A double cannot hold every price exactly: a millionth of a request more is not one too many.
    if (excessMs > priceMs * 1e-6) return excessMs;
    this.paidAtMs = nowMs + owedMs + priceMs;
    return 0;
  }
}
