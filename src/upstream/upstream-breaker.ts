import type { Clock } from '../shared/clock.js';

/** Failures in a row after which nobody waits any more. */
const FAILURES_TO_OPEN = 5;
/** Calls of this long are looked at together. */
const WINDOW_MS = 10_000;
/** Fewer calls say nothing about how many of them fail. */
const CALLS_TO_JUDGE = 10;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Stops asking an issuer that does not answer: five failures in a row, or half of the calls of ten seconds. After a pause, which doubles
 * up to half a minute, one call tries.
 */
export class UpstreamBreaker {
  private inARow = 0;
  private calls = 0;
  private failures = 0;
  private windowEndMs = 0;
  private pauseMs = 0;
  private openUntilMs = 0;
  private isTrying = false;

  constructor(private readonly clock: Clock) {}

  /** Whether calls are refused, but for the one that tries. */
  get isOpen(): boolean {
    return this.pauseMs > 0;
  }

  /** Milliseconds until a call may try; 0: now. */
  get leftMs(): number {
    return this.isOpen ? Math.max(0, this.openUntilMs - this.clock.monoMs()) : 0;
  }

  /** @returns milliseconds until a call may be made; 0: now. After 0, {@link succeeded} or {@link failed} has to follow. */
  admit(): number {
    if (!this.isOpen) return 0;
    const leftMs = this.openUntilMs - this.clock.monoMs();
    if (leftMs > 0) return leftMs;
    if (this.isTrying) return FIRST_PAUSE_MS;
    this.isTrying = true;
    return 0;
  }

  succeeded(): void {
    this.count();
    this.inARow = 0;
    // A call that began before it opened says nothing about now.
    if (this.isOpen && !this.isTrying) return;
    if (this.isOpen) [this.calls, this.failures] = [0, 0];
    this.pauseMs = 0;
    this.isTrying = false;
  }

  failed(): void {
    this.count();
    this.inARow++;
    this.failures++;
    if (this.isOpen) {
      if (this.isTrying) this.open(Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS));
      return;
    }
    const areHalf = this.calls >= CALLS_TO_JUDGE && this.failures * 2 >= this.calls;
    if (this.inARow >= FAILURES_TO_OPEN || areHalf) this.open(FIRST_PAUSE_MS);
  }

  private open(pauseMs: number): void {
    this.pauseMs = pauseMs;
    this.openUntilMs = this.clock.monoMs() + pauseMs;
    this.isTrying = false;
  }

  private count(): void {
    const nowMs = this.clock.monoMs();
    if (nowMs >= this.windowEndMs) {
      [this.calls, this.failures] = [0, 0];
      this.windowEndMs = nowMs + WINDOW_MS;
    }
    this.calls++;
  }
}
