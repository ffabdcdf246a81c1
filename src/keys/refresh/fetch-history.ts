import type { Clock } from '../../shared/clock.js';
import type { KeyFetchCategory, KeyFetchFailure } from '../source/key-fetch-failure.js';
import type { KeyFreshness } from '../accepted/key-freshness.js';

/** When an issuer's keys were fetched: attempts and successes apart, because only successes say anything about keys (rule 9). */
export class FetchHistory {
  /** Fetches that succeeded, and that failed, since the start. */
  readonly counts = { succeeded: 0, failed: 0 };
  private attemptedAtMs: number | undefined;
  private succeededAtMs: number | undefined;
  private lastFailure: { readonly category: KeyFetchCategory; readonly atMs: number } | undefined;

  constructor(private readonly clock: Clock) {}

  attempted(): void {
    this.attemptedAtMs = this.clock.wallMs();
  }

  succeeded(): void {
    this.counts.succeeded++;
    this.succeededAtMs = this.clock.wallMs();
  }

  failed({ category }: KeyFetchFailure): void {
    this.counts.failed++;
    this.lastFailure = { category, atMs: this.clock.wallMs() };
  }

  /** Wall times, as an operator sees them. */
  view(): Pick<KeyFreshness, 'attemptedAtMs' | 'succeededAtMs' | 'lastFailure'> {
    const { attemptedAtMs, succeededAtMs, lastFailure } = this;
    return {
      ...(attemptedAtMs === undefined ? {} : { attemptedAtMs }),
      ...(succeededAtMs === undefined ? {} : { succeededAtMs }),
      ...(lastFailure === undefined ? {} : { lastFailure }),
    };
  }
}
