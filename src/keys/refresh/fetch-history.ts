import type { KeyFreshness } from '../accepted/key-freshness.js';
import { reportAccount, type FetchReason, type KeyEventOf, type KeyEvents } from '../events/key-events.js';
import type { KeyFetchCategory, KeyFetchFailure } from '../source/key-fetch-failure.js';
import { reportsOf } from '../source/key-set-account.js';
import type { Observation } from '../source/key-source.js';
import type { FetchDenied } from '../store/key-store.js';
import type { Host } from '../../telemetry/host.js';

/** How a fetch ended that was asked for now. */
export type RefreshOutcome =
  | { readonly outcome: 'fetched' }
  | { readonly outcome: 'failed'; readonly category: KeyFetchCategory }
  | {
      /** Not now: too soon after another fetch, the issuer failed lately, or another replica is fetching. */
      readonly outcome: 'denied';
      readonly verdict: FetchDenied['verdict'];
      readonly retryInMs: number;
    };

/**
 * Remembers and reports how the fetches from one issuer ended. Attempts and successes are kept apart, because only
 * successes prove anything about keys.
 */
export class FetchHistory {
  /** Fetches that succeeded, and that failed, since the start. */
  readonly counts = { succeeded: 0, failed: 0 };
  private attemptedAtMs: number | undefined;
  private succeededAtMs: number | undefined;
  private lastFailure: KeyFreshness['lastFailure'];
  private account: ReturnType<typeof reportsOf> | undefined;

  constructor(
    private readonly issuerId: string,
    private readonly parts: Pick<Host, 'clock'> & { readonly events: KeyEvents },
  ) {}

  attempted(): void {
    this.attemptedAtMs = this.parts.clock.wallMs();
  }

  /** Some keys of the set are not used, or are odd, and why. A set that is unchanged has what the one before it had. */
  dropped(observation: Observation): void {
    if (observation.kind !== 'published') return;
    this.account = reportsOf(observation);
    reportAccount(observation, this.issuerId, this.parts.events);
  }

  /** @param sinceMs monotonic time at which the fetch began */
  succeeded(kind: FetchReason, { kind: result, size }: Observation, sinceMs: number): void {
    this.counts.succeeded++;
    this.succeededAtMs = this.parts.clock.wallMs();
    this.report(kind, sinceMs, { result, ...(size && { size }) });
  }

  /** @param sinceMs monotonic time at which the fetch began */
  failed(kind: FetchReason, failure: KeyFetchFailure, sinceMs: number): void {
    this.syncFailed(failure);
    const { category: result, detail, place } = failure;
    this.report(kind, sinceMs, { result, ...(detail !== undefined && { detail }), ...place });
  }

  /** The shared record could not be taken over. That is no fetch, and no event. */
  syncFailed({ category, place }: KeyFetchFailure): void {
    this.counts.failed++;
    this.lastFailure = { category, atMs: this.parts.clock.wallMs(), ...place };
  }

  /** For operators; wall times. */
  view(): Pick<KeyFreshness, 'attemptedAtMs' | 'succeededAtMs' | 'lastFailure' | 'dropped' | 'doubted'> {
    const { attemptedAtMs, succeededAtMs, lastFailure } = this;
    return {
      ...this.account,
      ...(attemptedAtMs === undefined ? {} : { attemptedAtMs }),
      ...(succeededAtMs === undefined ? {} : { succeededAtMs }),
      ...(lastFailure === undefined ? {} : { lastFailure }),
    };
  }

  private report(
    kind: FetchReason,
    sinceMs: number,
    about: Pick<KeyEventOf<'fetched'>, 'result' | 'size' | 'detail' | 'host' | 'stage' | 'named'>,
  ): void {
    const tookMs = Math.round(this.parts.clock.monoMs() - sinceMs);
    const { result, ...more } = about;
    this.parts.events.report({ event: 'fetched', issuerId: this.issuerId, kind, result, tookMs, ...more });
  }
}
