import { registrationIdOf } from '../shared/tenant-id.js';
import { SystemClock, type Clock } from '../shared/clock.js';

/** Answers at once that a key cannot be known … */
const BURST = 20;
/** … and then a second, for each caller and issuer: enough for a client that tries again, too few to open a circuit breaker. */
const PER_SECOND = 5;
const PRICE_MS = 1_000 / PER_SECOND;

/** Callers and issuers in debt at once. Both are registered, so that more of them are a fleet of callers in one outage. */
const MOST_PAIRS = 10_000;

/** What became of a token whose key cannot be known. A fixed set, for a metric's label. */
export const undeterminedOutcomes = [
  'unavailable', // the caller was asked to come back
  'inactive', // it was, too often: the token counts as not good
] as const;

/** One of {@link undeterminedOutcomes}. */
export type UndeterminedOutcome = (typeof undeterminedOutcomes)[number];

/** What an {@link UnavailableBudget} works with. */
export interface UnavailableBudgetParts {
  readonly clock: Pick<Clock, 'monoMs'>;
  readonly report: (callerId: string, issuerId: string, outcome: UndeterminedOutcome) => void;
  readonly mostPairs?: number;
}

/**
 * Bounds how often a caller is told that a token's key cannot be known. Whoever holds no key at all can make up such tokens:
 * unbounded, they would be 503 for an honest caller, whose circuit breaker would open for the tokens of everybody.
 */
export class UnavailableBudget {
  /** Monotonic time at which all is paid, by caller and issuer; the latest to be charged comes last. */
  private readonly paidAtMs = new Map<string, number>();

  constructor(private readonly parts: UnavailableBudgetParts = { clock: new SystemClock(), report: () => undefined }) {}

  /** Pairs of a caller and an issuer that are remembered. */
  get size(): number {
    return this.paidAtMs.size;
  }

  /** Charges one answer. @returns whether it may be given; otherwise the token is answered as not good */
  spend(callerId: string, issuerId: string): boolean {
    const isAffordable = this.charge(JSON.stringify([callerId, issuerId]));
    this.parts.report(callerId, registrationIdOf(issuerId), isAffordable ? 'unavailable' : 'inactive');
    return isAffordable;
  }

  private charge(pair: string): boolean {
    const nowMs = this.parts.clock.monoMs();
    this.forgetPaid(nowMs);
    const owedMs = Math.max(0, (this.paidAtMs.get(pair) ?? 0) - nowMs);
    if (owedMs + PRICE_MS > BURST * PRICE_MS) return false;
    if (!this.paidAtMs.delete(pair) && this.paidAtMs.size >= (this.parts.mostPairs ?? MOST_PAIRS)) return false;
    this.paidAtMs.set(pair, nowMs + owedMs + PRICE_MS);
    return true;
  }

  /** Whoever owes nothing need not be remembered. No debt is older than the whole burst, so that the oldest go first. */
  private forgetPaid(nowMs: number): void {
    for (const [pair, paidAtMs] of this.paidAtMs) {
      if (paidAtMs > nowMs) return;
      this.paidAtMs.delete(pair);
    }
  }
}
