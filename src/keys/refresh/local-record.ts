import type { Issuer } from '../../issuers/issuer.js';
import type { Clock } from '../../shared/clock.js';
import { AcceptedKeys } from '../accepted/accepted-keys.js';
import { keyChanges } from '../accepted/key-changes.js';
import type { KeyEvents } from '../events/key-events.js';
import { digestOfRecord } from '../accepted/key-freshness.js';
import { KeyFetchFailure } from '../source/key-fetch-failure.js';
import { isAcceptable, type KeyRecord } from '../record/key-record.js';
import { compileKeySet } from '../accepted/key-set.js';
import type { Observation } from '../source/key-source.js';
import type { CommitVerdict, FetchPermit, KeyStore } from '../store/key-store.js';
import { timingOf, type KeyTiming } from '../key-timing.js';
import { KeyUse } from './key-use.js';
import { mergeKeySets, type KeyRecordDraft } from '../record/merge-key-sets.js';
import { isInDoubt, nextRefreshMs } from './next-refresh.js';
import { reconcile, supersedes, youngestOf } from '../record/reconcile-records.js';

/** What {@link LocalRecord} works with. */
export interface LocalRecordParts {
  readonly store: KeyStore;
  readonly clock: Clock;
  readonly events: KeyEvents;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** This replica's copy of one issuer's record, and the keys compiled from it. Its age is carried, never restarted (D3, D6). */
export class LocalRecord {
  timing: KeyTiming;
  /** Which keys tokens are signed with. */
  readonly use = new KeyUse();
  private latest: KeyRecord | undefined;
  private kept: AcceptedKeys | undefined;
  /** Fence of the record that was last seen in the store, adopted or not. */
  seenFence = 0;
  /** Monotonic time minus the store's. */
  private offsetMs = 0;
  private isRetired = false;

  constructor(
    private issuer: Issuer,
    private readonly parts: LocalRecordParts,
  ) {
    this.timing = timingOf(issuer.freshness);
  }

  get record(): KeyRecord | undefined {
    return this.latest;
  }

  get accepted(): AcceptedKeys | undefined {
    return this.kept;
  }

  /** The keys, while they may be trusted. */
  get trusted(): AcceptedKeys | undefined {
    return this.kept?.areTrusted(this.parts.clock.monoMs(), this.timing) ? this.kept : undefined;
  }

  /** Fence of the record; 0 for none. */
  get fence(): number {
    return this.latest?.fence ?? 0;
  }

  /** Fence up to which the store has no news for us. */
  get knownFence(): number {
    return Math.max(this.fence, this.seenFence);
  }

  /** Whether a fetch before the regular one has something to settle. */
  get areInDoubt(): boolean {
    return this.latest !== undefined && isInDoubt(this.latest);
  }

  /** When the next fetch is due, monotonic; `-Infinity` when there are no keys. */
  get nextRefreshMs(): number {
    if (!this.latest || !this.kept) return Number.NEGATIVE_INFINITY;
    return this.toMonoMs(nextRefreshMs(this.latest, this.kept.dueAfterMs, this.timing));
  }

  /** A time of the record as monotonic time. */
  toMonoMs(storeMs: number): number {
    return storeMs + this.offsetMs;
  }

  reconfigure(issuer: Issuer): void {
    this.issuer = issuer;
    this.timing = timingOf(issuer.freshness);
  }

  /** Nothing is adopted any more. */
  retire(): void {
    this.isRetired = true;
  }

  /** Takes over what the store has, if it is of a younger fetch than what we have. */
  async load(leastFence?: number): Promise<void> {
    const askedMs = this.parts.clock.monoMs();
    const loaded = await this.parts.store.load(this.source, leastFence);
    if (!loaded) return;
    this.seenFence = loaded.record.fence;
    this.adopt(loaded.record, askedMs - loaded.storeNowMs);
  }

  /** What a granted fetch is to be merged into: the younger of the store's record and ours (finding F1). */
  async baseOf({ baseFence }: Pick<FetchPermit, 'baseFence'>): Promise<KeyRecord | undefined> {
    if (this.fence === baseFence) return this.latest;
    const loaded = await this.parts.store.load(this.source, baseFence);
    return youngestOf(loaded?.record, this.latest, this.timing);
  }

  /**
   * Merges what a fetch saw, stores it and adopts it.
   * @throws {KeyFetchFailure} `empty` when it saw a set without a usable key, which nobody believes at once
   */
  async merge(
    permit: FetchPermit,
    base: KeyRecord | undefined,
    observation: Observation,
    askedMs: number,
  ): Promise<void> {
    const isEmpty = observation.kind === 'published' && observation.keys.length === 0;
    const hasTrustedBase = base !== undefined && permit.atMs - base.validatedAtMs < this.timing.hardTtlMs;
    if (isEmpty && !hasTrustedBase) throw emptySet();
    const draft = mergeKeySets(base, { observation, atMs: permit.atMs }, this.timing);
    const offsetMs = askedMs - permit.atMs;
    const verdict = await this.store(permit, draft, offsetMs);
    if (verdict === 'REBASE') return this.rebase(permit, draft, offsetMs);
    // Somebody else's fetch is at least as good as ours, and was merged into the record that there is now.
    if (verdict !== 'OK') return this.load();
    this.reportChanges(base, draft);
    if (draft.emptyEvidence) throw emptySet();
  }

  /**
   * Stores our record where the store has an older one, or none: nobody has to fetch again for what we have seen.
   * @returns whether there is nothing more to share
   */
  async share(): Promise<boolean> {
    const { latest: mine, offsetMs } = this;
    if (!mine || !this.trusted) return true;
    const verdict = await this.parts.store.acquire(this.source, { kind: 'push', validatedAtMs: mine.validatedAtMs });
    if (verdict.verdict !== 'GRANT') return verdict.verdict === 'OLDER';
    const loaded = verdict.baseFence > 0 ? await this.parts.store.load(this.source, verdict.baseFence) : undefined;
    const draft = loaded ? reconcile(loaded.record, mine, this.timing) : mine;
    return (await this.store(verdict, draft, offsetMs)) === 'OK';
  }

  /** Somebody has stored another record since the fetch began: ours is put on top of it, once. */
  private async rebase(permit: FetchPermit, draft: KeyRecordDraft, offsetMs: number): Promise<void> {
    const loaded = await this.parts.store.load(this.source);
    if (!loaded || loaded.record.validatedAtMs > draft.validatedAtMs) return this.load();
    const ours = reconcile(loaded.record, { ...draft, fence: permit.fence }, this.timing);
    const verdict = await this.store({ ...permit, baseFence: loaded.record.fence }, ours, offsetMs);
    if (verdict !== 'OK') await this.load();
  }

  private async store(
    { fence, baseFence }: FetchPermit,
    draft: KeyRecordDraft,
    offsetMs: number,
  ): Promise<CommitVerdict> {
    const { hardTtlMs } = this.timing;
    const verdict = await this.parts.store.commit(this.source, { fence, baseFence, draft, hardTtlMs });
    this.parts.events.report({ event: 'committed', issuerId: this.issuer.id, verdict });
    if (verdict === 'OK') this.adopt({ ...draft, fence }, offsetMs);
    return verdict;
  }

  /** Compiles a record and swaps the keys, if it is another one, of a fetch that is not older than ours (invariant I5). */
  private adopt(found: KeyRecord, offsetMs: number): void {
    const { clock, random } = this.parts;
    const before = this.latest;
    if (this.isRetired || (before && !supersedes(found, before))) return;
    const record = before ? reconcile(before, found, this.timing) : found;
    const terms = { algorithms: this.issuer.algorithms, timing: this.timing, offsetMs };
    const set = compileKeySet(record, terms, this.kept?.set);
    this.latest = record;
    this.offsetMs = offsetMs;
    const observedMs = Math.min(record.validatedAtMs + offsetMs, clock.monoMs());
    // Replicas are due at different moments, and the store elects the first: nobody has to coordinate.
    this.kept = new AcceptedKeys(set, observedMs, record.refreshAfterMs * (0.9 + random() / 10));
    this.reportAdoption(record, observedMs);
  }

  /** Says what changed from one record to the next. */
  private reportChanges(base: KeyRecord | undefined, draft: KeyRecordDraft): void {
    const { clock, events } = this.parts;
    const changes = keyChanges(base, draft);
    const behindMs = this.offsetMs + clock.wallMs() - clock.monoMs();
    const digests = { ...(base && { digestBefore: digestOfRecord(base) }), digestAfter: digestOfRecord(draft) };
    for (const { firstSeenMs, lastSeenMs, ...change } of changes) {
      const seen = { firstSeenAtMs: firstSeenMs + behindMs, lastSeenAtMs: lastSeenMs + behindMs };
      events.report({ event: 'key', issuerId: this.issuer.id, ...change, ...seen, ...digests });
    }
    const removed = changes.filter(({ change }) => change === 'removed').length;
    const left = draft.keys.filter(isAcceptable).length;
    if (removed > 1 && removed >= left) {
      events.report({ event: 'mass_removal', issuerId: this.issuer.id, removed, left });
    }
  }

  private reportAdoption({ keys }: KeyRecord, observedMs: number): void {
    const { clock, events } = this.parts;
    const nowMs = clock.monoMs();
    const issuerId = this.issuer.id;
    events.report({ event: 'adopted', issuerId, afterMs: nowMs - observedMs });
    const accepted = new Set(keys.filter(isAcceptable).map(({ thumbprint }) => thumbprint));
    for (const missed of this.use.keep(accepted, nowMs))
      events.report({ event: 'removed_in_use', issuerId, ...missed });
  }

  private get source(): string {
    return this.issuer.keySourceFingerprint;
  }
}

function emptySet(): KeyFetchFailure {
  return new KeyFetchFailure('empty', 'a key set without a usable key');
}
