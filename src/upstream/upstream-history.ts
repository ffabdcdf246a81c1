import type { Clock } from '../shared/clock.js';
import type { UpstreamCategory } from './upstream-failure.js';

/** How asking one issuer goes at this replica. Times are wall times in milliseconds since the epoch. */
export interface UpstreamState {
  /** Whether nobody but one that tries is let through, because it failed again and again. */
  readonly isGivenUp: boolean;
  /** Until the next question may try; 0: now. */
  readonly retryInMs: number;
  /** Questions under way. */
  readonly inFlight: number;
  /** From when on the numbers below count: a new configuration begins anew. */
  readonly sinceMs: number;
  /** Questions that were sent. */
  readonly asked: number;
  /** Tokens that needed no question, because the answer was remembered or somebody waited for it already. */
  readonly spared: number;
  readonly succeededAtMs?: number;
  readonly lastFailure?: { readonly category: UpstreamCategory; readonly atMs: number };
}

/** Remembers for operators how questions to one issuer ended. Nothing is decided by it. */
export class UpstreamHistory {
  private readonly sinceMs: number;
  private asked = 0;
  private spared = 0;
  private succeededAtMs: number | undefined;
  private lastFailure: UpstreamState['lastFailure'];

  constructor(private readonly clock: Pick<Clock, 'wallMs'>) {
    this.sinceMs = clock.wallMs();
  }

  /** The issuer has answered. */
  succeeded(): void {
    this.asked++;
    this.succeededAtMs = this.clock.wallMs();
  }

  /** The issuer was asked in vain. */
  failed(category: UpstreamCategory): void {
    this.asked++;
    this.lastFailure = { category, atMs: this.clock.wallMs() };
  }

  /** A token needed no question. */
  needless(): void {
    this.spared++;
  }

  /** What is known, beside what is so at this moment. */
  state(now: Pick<UpstreamState, 'isGivenUp' | 'retryInMs' | 'inFlight'>): UpstreamState {
    const { sinceMs, asked, spared, succeededAtMs, lastFailure } = this;
    return {
      ...now,
      sinceMs,
      asked,
      spared,
      ...(succeededAtMs !== undefined && { succeededAtMs }),
      ...(lastFailure && { lastFailure }),
    };
  }
}
