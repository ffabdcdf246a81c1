import { areFetchedAlike, type Issuer } from '../../issuers/issuer.js';
import { activeSpan, type SpanReference } from '../../telemetry/tracing/child-span.js';
import type { KeyFreshness } from '../accepted/key-freshness.js';
import { honouredRetryAfterMs, MISS_WAIT_MS } from '../key-timing.js';
import { KeyFetchFailure } from '../source/key-fetch-failure.js';
import type { FetchKind, FetchPermit } from '../store/key-store.js';
import { FetchHistory, type RefreshOutcome } from './fetch-history.js';
import { FetchOutlook } from './fetch-outlook.js';
import type { KeyRefresherParts } from './key-refresher-parts.js';
import type { LocalRecord } from './local-record.js';

/** When to ask again while another replica fetches: as long as any request waits for keys that are not there. */
const PEEKS_MS = [100, 200, 400, 800, 1_000] as const;

/**
 * Keeps the keys of one issuer fresh. Every fetch is paid for in the store before it starts; one is under way at a time;
 * readers share nothing with it but the record that it replaces (defects D1, D5, D7).
 */
export class KeyRefresher {
  /** When a request last asked for a key, monotonic. */
  usedAtMs = Number.NEGATIVE_INFINITY;
  /** When it may fetch again, and whether the issuer fails. */
  readonly outlook: FetchOutlook;
  private readonly local: LocalRecord;
  private readonly history: FetchHistory;
  /** Fence of the store's record that there is nothing to do about. */
  private syncedFence: number | undefined;
  private isSyncing = false;
  /** Under which span the latest fetch was begun, for those that wait for it in other traces. */
  cause: SpanReference | undefined;
  private underWay: Promise<void> | undefined;
  private readonly retirement = new AbortController();
  private readonly listeners: (() => void)[] = [];

  constructor(
    private issuer: Issuer,
    private readonly parts: KeyRefresherParts,
  ) {
    this.local = parts.local;
    this.outlook = new FetchOutlook(parts);
    this.history = new FetchHistory(issuer.id, parts);
  }

  /** The name of the key source in a store. */
  get source(): string {
    return this.issuer.keySourceFingerprint;
  }

  get issuerId(): string {
    return this.issuer.id;
  }

  get isRefreshing(): boolean {
    return this.underWay !== undefined;
  }

  /** When and how keys were fetched, and when they will be, as operators see it. */
  view(): Pick<KeyFreshness, 'nextRefreshInMs' | 'blockedForMs'> & ReturnType<FetchHistory['view']> {
    return { nextRefreshInMs: this.nextRefreshInMs(), blockedForMs: this.outlook.blockedForMs, ...this.history.view() };
  }

  /** The keys stay; where it changes how they are fetched or used, they are fetched at once. */
  reconfigure(issuer: Issuer): void {
    const isSame = areFetchedAlike(this.issuer, issuer);
    this.issuer = issuer;
    this.local.reconfigure(issuer);
    if (!isSame) void this.fetch('confirm');
    this.notifyListeners();
  }

  /** The issuer is gone: whatever is under way ends, and is not adopted. */
  retire(): void {
    this.local.retire();
    this.retirement.abort(new KeyFetchFailure('internal', 'the issuer was removed'));
  }

  /** Calls `listener` after each fetch, whatever it was for. */
  onRefreshed(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Fetches for the schedule. Never rejects. */
  refresh(): Promise<void> {
    return this.fetch(this.local.areInDoubt ? 'confirm' : 'refresh');
  }

  /** Milliseconds until the next scheduled fetch makes sense, at least 0. */
  nextRefreshInMs(): number {
    return Math.max(0, this.local.nextRefreshMs - this.parts.clock.monoMs(), this.outlook.blockedForMs);
  }

  /** Fetches, if the store permits it; joins the fetch that is under way. Never rejects. */
  fetch(kind: FetchKind): Promise<void> {
    if (this.underWay) return this.underWay;
    this.cause = activeSpan();
    this.underWay = this.attempt(kind)
      .catch((error: unknown) => {
        this.outlook.blockFor(this.local.timing.backoffBaseMs);
        this.outlook.recordFailure();
        this.history.failed(kind, KeyFetchFailure.of(error), this.parts.clock.monoMs());
      })
      .finally(() => {
        this.underWay = undefined;
        this.notifyListeners();
      });
    return this.underWay;
  }

  /** An operator does not want to wait for the schedule; but the spacing and the backoff are the issuer's, not the schedule's. */
  async refreshNow(): Promise<RefreshOutcome> {
    const { counts } = this.history;
    const before = { ...counts, fence: this.local.fence };
    await this.fetch('confirm');
    // Other replicas had fetched before, or were fetching, and we have taken that over: now for a fetch of our own.
    if (counts.succeeded === before.succeeded && this.local.fence > before.fence) await this.fetch('confirm');
    if (counts.succeeded > before.succeeded) return { outcome: 'fetched' };
    const { lastFailure } = this.history.view();
    if (counts.failed > before.failed && lastFailure) return { outcome: 'failed', category: lastFailure.category };
    return { outcome: 'denied', verdict: this.outlook.deniedAs ?? 'BUSY', retryInMs: this.outlook.blockedForMs };
  }

  /** The store has a record of this fence. Takes it over if it is younger; else brings ours back, without a fetch. Never rejects. */
  async sync(fence: number): Promise<void> {
    if (fence !== this.local.fence && fence !== this.syncedFence) await this.compare(fence);
  }

  /** The store may have another record, or none. Never rejects. */
  catchUp(): Promise<void> {
    return this.compare(undefined);
  }

  private async compare(fence: number | undefined): Promise<void> {
    if (this.isSyncing) return;
    this.isSyncing = true;
    try {
      await this.local.load(fence);
      const isSettled = (fence ?? 0) === this.local.fence || (await this.local.share());
      // Others may announce what is not there: only a record that was really read is done with.
      if (isSettled && fence === this.local.seenFence) this.syncedFence = fence;
    } catch (error) {
      this.history.syncFailed(KeyFetchFailure.of(error));
    } finally {
      this.isSyncing = false;
      this.notifyListeners();
    }
  }

  /** @param patienceMs how long waiting requests may sit out the spacing between two fetches */
  private async attempt(kind: FetchKind, patienceMs = kind === 'miss' ? MISS_WAIT_MS : 0): Promise<void> {
    const { local } = this;
    if (!local.record && (await this.takeOver())) return;
    const { knownFence } = local;
    const askedMs = this.parts.clock.monoMs();
    const verdict = await this.parts.store.acquire(this.source, {
      kind,
      knownFence,
      dueAfterMs: local.accepted?.dueAfterMs ?? 0,
      timing: local.timing,
    });
    this.outlook.recordVerdict(kind, verdict);
    switch (verdict.verdict) {
      case 'GRANT':
        return this.fetchPermitted(kind, verdict, askedMs);
      case 'NEWER':
        await local.load(verdict.fence);
        if (local.knownFence === knownFence) this.outlook.blockFor(PEEKS_MS[0]);
        // What is newer there may be older than what we have, or too old: then a fetch is still what we need.
        else if (!local.trusted || local.fence <= knownFence) return this.attempt(kind);
        return undefined;
      case 'BUSY':
        return this.awaitPeer();
      case 'LIMITED':
      case 'OLDER':
        return undefined;
      case 'FRESH': // by a record that we do not have, or our timer was early
        await local.load();
        if (local.nextRefreshMs <= this.parts.clock.monoMs()) this.outlook.blockFor(verdict.retryInMs);
        return undefined;
      case 'SPACED':
        if (verdict.retryInMs < patienceMs) return this.attemptAfter(verdict.retryInMs + 1, kind, patienceMs);
        if (kind !== 'miss') this.outlook.blockFor(verdict.retryInMs);
        return undefined;
      default:
        if (kind !== 'miss') this.outlook.blockFor(verdict.retryInMs);
    }
  }

  /** What the fleet knows already needs no fetch, and no permit. @returns whether that is enough for now */
  private async takeOver(): Promise<boolean> {
    await this.local.load();
    return this.local.trusted !== undefined && this.local.nextRefreshMs > this.parts.clock.monoMs();
  }

  /** The key may be younger than the latest fetch: a waiting request gets the next one, even if the store's clock is a moment late. */
  private async attemptAfter(pauseMs: number, kind: FetchKind, patienceMs: number): Promise<void> {
    await this.parts.clock.sleep(pauseMs, this.retirement.signal);
    return this.attempt(kind, patienceMs - pauseMs);
  }

  private async fetchPermitted(kind: FetchKind, permit: FetchPermit, askedMs: number): Promise<void> {
    this.history.attempted();
    const reason = permit.isOwn ? 'auto' : this.local.trusted ? kind : 'cold';
    try {
      const base = await this.local.baseOf(permit);
      const observation = await this.parts.source.fetch(base?.validators, this.retirement.signal);
      this.history.dropped(observation);
      await this.local.merge(permit, base, observation, askedMs);
      this.outlook.recordSuccess();
      this.history.succeeded(reason, observation, askedMs);
      // Others may be able to read what they could not be permitted to fetch. No request waits for that.
      if (permit.isOwn) void this.catchUp();
    } catch (error) {
      await this.penalize(permit, KeyFetchFailure.of(error), askedMs);
      this.history.failed(reason, KeyFetchFailure.of(error), askedMs);
    }
  }

  /** A failure changes when we fetch again, and nothing else (defects D5, D13). */
  private async penalize({ fence }: FetchPermit, { retryAfterMs }: KeyFetchFailure, askedMs: number): Promise<void> {
    const { accepted, timing } = this.local;
    const ageMs = accepted && this.parts.clock.monoMs() - accepted.observedMs;
    const honouredMs = honouredRetryAfterMs(retryAfterMs ?? 0, ageMs, timing);
    const isAbandoned = this.retirement.signal.aborted;
    const request = { fence, timing, retryAfterMs: honouredMs, isAbandoned };
    if (!isAbandoned) this.outlook.recordFailure();
    const pauseMs = await this.parts.store.fail(this.source, request);
    this.outlook.recordPause(
      pauseMs,
      Math.max(askedMs + timing.missAfterFailureMs - this.parts.clock.monoMs(), honouredMs),
    );
  }

  /** Another replica is fetching: what it gets is as good as what we would get (defect D12). */
  private async awaitPeer(): Promise<void> {
    const before = this.local.fence;
    for (const waitMs of PEEKS_MS) {
      await this.parts.clock.sleep(waitMs, this.retirement.signal);
      await this.local.load();
      if (this.local.fence > before) return;
    }
    // It has failed, or takes longer than any request waits: what it found is not known here.
    this.outlook.recordFailure(before);
    this.outlook.blockFor(PEEKS_MS[0]);
  }

  private notifyListeners(): void {
    for (const listener of this.listeners) listener();
  }
}
