import type { Clock } from '../../shared/clock.js';
import { Debt, type DebtTerms } from './debt.js';
import type { CommonBudget } from './shared-meter.js';

/** Wrong guesses at one weak secret: so many at once, one a minute in the long run, which is half a million in a year. */
export const guessTerms = { burst: 60, forgiveMs: 60_000 } as const satisfies DebtTerms;

/** Guesses that a replica keeps ready, so that a right secret is accepted without asking another machine. */
const BATCH = 3;

/** So long the common budget is left alone after it could not be reached, in milliseconds. */
const PAUSE_MS = 1_000;

/** What became of an attempt: right, wrong, or not judged for so many milliseconds. */
export type Guess = { readonly isRight: boolean } | { readonly waitMs: number };

/**
 * How often one weak secret may be guessed at, from wherever. An attempt is judged only against a guess that is paid for; a right
 * one costs nothing. All replicas pay from one budget, and each holds the whole limit by itself too: that is what holds while the
 * common budget is away, or was lost. Whoever uses the budget up locks out who has the secret: that is why it should not be weak.
 */
export class GuessLimit {
  private readonly own = new Debt(guessTerms);
  private leased = 0;
  private emptyUntilMs = -Infinity;
  private pausedUntilMs = -Infinity;
  private asking: Promise<void> | undefined;

  /** @param common what all replicas pay from; absent: there is one process */
  constructor(
    private readonly clock: Clock,
    private readonly common?: CommonBudget,
  ) {}

  /** Judges one attempt, if it may be judged. `isRight` is used only then. */
  async judge(isRight: boolean): Promise<Guess> {
    if (this.mustAsk()) await (this.asking ??= this.ask());
    // In one tick from here: what one attempt pays with, no other one can.
    const waitMs = this.waitMs();
    if (waitMs > 0) return { waitMs };
    if (!isRight) this.pay();
    return { isRight };
  }

  private mustAsk(): boolean {
    const nowMs = this.clock.monoMs();
    return this.usesCommon(nowMs) && this.leased === 0 && nowMs >= this.emptyUntilMs && this.own.waitMs(nowMs) === 0;
  }

  private waitMs(): number {
    const nowMs = this.clock.monoMs();
    const ownWaitMs = this.own.waitMs(nowMs);
    if (ownWaitMs > 0 || !this.usesCommon(nowMs) || this.leased > 0) return ownWaitMs;
    // Others have used up meanwhile what was leased for all who waited.
    return Math.max(1, this.emptyUntilMs - nowMs);
  }

  private usesCommon(nowMs: number): boolean {
    return this.common !== undefined && nowMs >= this.pausedUntilMs;
  }

  private pay(): void {
    this.own.add(this.clock.monoMs());
    if (this.leased > 0) this.leased--;
  }

  private async ask(): Promise<void> {
    try {
      const { granted = 0, waitMs = 0 } = (await this.common?.lease({ owed: 0, wanted: BATCH })) ?? {};
      this.leased += granted;
      if (granted === 0) this.emptyUntilMs = this.clock.monoMs() + waitMs;
    } catch {
      this.pausedUntilMs = this.clock.monoMs() + PAUSE_MS;
    } finally {
      this.asking = undefined;
    }
  }
}
