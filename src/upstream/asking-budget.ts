import type { Clock } from '../shared/clock.js';
import { OAuthError } from '../transport/oauth-error.js';

/** Questions to issuers that one caller may cause, per second in the long run and at once. */
const PER_SECOND = 50;
const BURST = 100;
const PRICE_MS = 1_000 / PER_SECOND;
/** Who owes nothing need not be remembered: so often those are dropped. */
const SWEEP_MS = 60_000;

/**
 * Bounds how many tokens of one caller issuers are asked about: with tokens that it makes up, a caller could otherwise have us flood an
 * issuer, and spend what the others need.
 */
export class AskingBudget {
  /** Monotonic time at which each caller has paid. */
  private readonly paidAtMs = new Map<string, number>();
  private sweptAtMs = 0;

  /** @param spent is told of each caller that gets a 429 */
  constructor(
    private readonly clock: Pick<Clock, 'monoMs'>,
    private readonly spent: (caller: string) => void = () => undefined,
  ) {}

  /** @throws {OAuthError} 429, which is this caller's alone */
  charge(caller: string): void {
    const nowMs = this.clock.monoMs();
    this.sweep(nowMs);
    const owedMs = Math.max(0, (this.paidAtMs.get(caller) ?? 0) - nowMs);
    const excessMs = owedMs + PRICE_MS - BURST * PRICE_MS;
    if (excessMs > 1e-6) {
      this.spent(caller);
      throw new OAuthError('temporarily_unavailable', 'too many tokens that have to be asked about', {
        status: 429,
        retryAfterSeconds: Math.ceil(excessMs / 1_000),
        caller,
        detail: 'more opaque tokens than its issuers may be asked about for this caller',
      });
    }
    this.paidAtMs.set(caller, nowMs + owedMs + PRICE_MS);
  }

  private sweep(nowMs: number): void {
    if (nowMs - this.sweptAtMs < SWEEP_MS) return;
    this.sweptAtMs = nowMs;
    for (const [caller, paidAtMs] of this.paidAtMs) if (paidAtMs <= nowMs) this.paidAtMs.delete(caller);
  }
}
