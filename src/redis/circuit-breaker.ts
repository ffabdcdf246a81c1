import type { Clock } from '../shared/clock.js';

/** Failures in a row after which requests do not wait for Redis any more. One may be chance, three are not. */
const FAILURES_TO_OPEN = 3;
/** First pause; doubles with each failed trial. Short, because a failover takes about two seconds. */
const FIRST_PAUSE_MS = 1_000;
/** Longest pause: how late it is noticed that Redis is back. */
const LONGEST_PAUSE_MS = 10_000;

/** `closed`: calls pass. `open`: none does. `trial`: the pause is over, one call may try. */
export type BreakerState = 'closed' | 'open' | 'trial';

/** Stops asking a server that does not answer, so that its outage costs callers nothing. */
export class CircuitBreaker {
  private failures = 0;
  private pauseMs = 0;
  private openUntilMs = 0;
  private trialRunning = false;

  constructor(
    private readonly clock: Clock,
    private readonly onChange: (open: boolean) => void = () => undefined,
  ) {}

  get state(): BreakerState {
    if (this.pauseMs === 0) return 'closed';
    return this.clock.monoMs() < this.openUntilMs || this.trialRunning ? 'open' : 'trial';
  }

  /** Whether a call may be made now. A `true` in state `trial` is given to one caller only; it must report how it went. */
  admit(): boolean {
    const state = this.state;
    if (state === 'trial') this.trialRunning = true;
    return state !== 'open';
  }

  succeeded(): void {
    const wasOpen = this.pauseMs > 0;
    this.failures = 0;
    this.pauseMs = 0;
    this.trialRunning = false;
    if (wasOpen) this.onChange(false);
  }

  failed(): void {
    this.failures += 1;
    this.trialRunning = false;
    if (this.failures < FAILURES_TO_OPEN) return;
    const wasClosed = this.pauseMs === 0;
    // A call that began before the breaker opened says nothing new: it must not lengthen the pause.
    if (!wasClosed && this.clock.monoMs() < this.openUntilMs) return;
    this.pauseMs = wasClosed ? FIRST_PAUSE_MS : Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS);
    this.openUntilMs = this.clock.monoMs() + this.pauseMs;
    if (wasClosed) this.onChange(true);
  }
}
