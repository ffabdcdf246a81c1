import type { Host } from '../../telemetry/host.js';
import type { AcquireVerdict, FetchDenied, FetchKind } from '../store/key-store.js';
import type { LocalRecord } from './local-record.js';

/** What a {@link FetchOutlook} works with. */
interface FetchOutlookParts extends Pick<Host, 'clock'> {
  readonly local: Pick<LocalRecord, 'fence'>;
}

/**
 * What this replica knows of when an issuer may be asked again, and of whether its latest answer is known. The store decides;
 * this is what it said last, so that requests can be answered without asking it.
 */
export class FetchOutlook {
  private blockedUntilMs = Number.NEGATIVE_INFINITY;
  /** The same for an unknown key. */
  private missBlockedUntilMs = Number.NEGATIVE_INFINITY;
  /** Fence of our record when a fetch, of whichever replica, was last found to have failed. */
  private failedAtFence: number | undefined;
  private denied: FetchDenied['verdict'] | undefined;

  constructor(private readonly parts: FetchOutlookParts) {}

  /** Why the latest fetch was denied; nothing where it was permitted. */
  get deniedAs(): FetchDenied['verdict'] | undefined {
    return this.denied;
  }

  /** How long a fetch for the schedule, or for an issuer without keys, would be denied. In milliseconds. */
  get blockedForMs(): number {
    return this.left(this.blockedUntilMs);
  }

  /** How long a fetch for an unknown key would be denied. In milliseconds. */
  get missBlockedForMs(): number {
    return this.left(this.missBlockedUntilMs);
  }

  /** Whether the latest fetch failed, ours or that of another replica: what the issuer publishes now is not known. */
  get isFailing(): boolean {
    return this.failedAtFence !== undefined && this.parts.local.fence <= this.failedAtFence;
  }

  /** The store has answered a request for a fetch. */
  recordVerdict(kind: FetchKind, verdict: AcquireVerdict): void {
    const retryInMs = 'retryInMs' in verdict ? verdict.retryInMs : undefined;
    this.denied = 'retryInMs' in verdict ? verdict.verdict : undefined;
    if (this.denied === 'BACKOFF') this.recordFailure();
    if (kind === 'miss') this.missBlockedUntilMs = this.parts.clock.monoMs() + (retryInMs ?? 0);
  }

  /** A fetch failed while our record had this fence: a later one comes from a fetch that did not. */
  recordFailure(atFence = this.parts.local.fence): void {
    this.failedAtFence = atFence;
  }

  /**
   * How long the failure of a fetch of ours blocks the next ones, in milliseconds. For an unknown key it is the earliest that
   * it may be; the next request that asks learns what the store really allows.
   */
  recordPause(pauseMs: number, missPauseMs: number): void {
    this.blockFor(pauseMs);
    this.missBlockedUntilMs = Math.min(this.blockedUntilMs, this.parts.clock.monoMs() + missPauseMs);
  }

  recordSuccess(): void {
    this.blockedUntilMs = Number.NEGATIVE_INFINITY;
  }

  /** Nothing that is not asked for by a token is fetched for so long. */
  blockFor(ms: number): void {
    this.blockedUntilMs = this.parts.clock.monoMs() + ms;
  }

  private left(untilMs: number): number {
    return Math.max(0, untilMs - this.parts.clock.monoMs());
  }
}
