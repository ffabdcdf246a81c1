import type { Issuer } from '../../issuers/issuer.js';
import type { Host } from '../../telemetry/host.js';
import { AcceptedKeys, compileKeySet } from '../accepted/accepted-keys.js';
import { digestOfKeys, viewOfKey, type KeyFreshness } from '../accepted/key-freshness.js';
import type { KeyEvents } from '../events/key-events.js';
import type { KeySet } from '../accepted/key-set.js';
import { timingOf, type KeyTiming } from '../key-timing.js';
import type { KeyRecord } from '../record/key-record.js';
import { mergeKeySets, type KeyRecordDraft } from '../record/merge-key-sets.js';
import { reconcile, supersedes, youngestOf } from '../record/reconcile-records.js';
import { KeyFetchFailure } from '../source/key-fetch-failure.js';
import type { Observation } from '../source/key-source.js';
import type { CommitVerdict, FetchPermit, KeyStore } from '../store/key-store.js';
import { isInDoubt, nextRefreshMs } from './next-refresh.js';
import { RecordReports } from './record-reports.js';

/** What {@link LocalRecord} works with. */
export interface LocalRecordParts extends Pick<Host, 'clock'> {
  readonly store: KeyStore;
  readonly events: KeyEvents;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** This replica's copy of one issuer's record, and the keys compiled from it. Its age is carried, never restarted (D3, D6). */
export class LocalRecord {
  timing: KeyTiming;
  private readonly reports: RecordReports;
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
    this.reports = new RecordReports(issuer.id, parts.events);
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

  /** Fence up to which the store has nothing new for this replica. */
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

  /** A token was signed with the key of this thumbprint. */
  recordUse(thumbprint: string): void {
    this.reports.used(thumbprint, this.parts.clock.monoMs());
  }

  reconfigure(issuer: Issuer): void {
    const { algorithms, allowKidless } = this.issuer;
    this.issuer = issuer;
    this.timing = timingOf(issuer.freshness);
    const isUsedAlike = areEqual(algorithms, issuer.algorithms) && allowKidless === issuer.allowKidless;
    if (!isUsedAlike) this.recompile();
  }

  /** Nothing is adopted any more. */
  retire(): void {
    this.isRetired = true;
  }

  /** The keys as operators see them. */
  view(): Pick<KeyFreshness, 'state' | 'digest' | 'keys' | 'tombstones' | 'ageMs' | 'fence'> {
    const { latest, kept, timing } = this;
    const nowMs = this.parts.clock.monoMs();
    const keys = latest?.keys.map((key) => viewOfKey(key, this.behindMs)) ?? [];
    return {
      state: kept?.state(nowMs, timing) ?? 'COLD',
      digest: digestOfKeys(keys),
      keys,
      tombstones: latest?.tombstones.length ?? 0,
      ...(kept ? { ageMs: nowMs - kept.observedMs } : {}),
      ...(latest ? { fence: latest.fence } : {}),
    };
  }

  /** Takes over what the store has, if it is of a younger fetch than what this replica has. */
  async load(leastFence?: number): Promise<void> {
    const askedMs = this.parts.clock.monoMs();
    const loaded = await this.parts.store.load(this.source, leastFence);
    if (!loaded) return;
    this.seenFence = loaded.record.fence;
    this.adopt(loaded.record, askedMs - loaded.storeNowMs);
  }

  /** What a permitted fetch is to be merged into: the younger of the store's record and ours (finding F1). */
  async baseOf({ baseFence }: Pick<FetchPermit, 'baseFence'>): Promise<KeyRecord | undefined> {
    if (this.fence === baseFence) return this.latest;
    const loaded = await this.parts.store.load(this.source, baseFence);
    return youngestOf(loaded?.record, this.latest, this.timing);
  }

  /**
   * Merges what a fetch observed, stores it and adopts it.
   * @param askedMs monotonic time at which the permit was asked for
   * @throws {KeyFetchFailure} `empty` for a set without a usable key, which is not believed at once; `rollback` for an older one
   */
  async merge(
    permit: FetchPermit,
    base: KeyRecord | undefined,
    observation: Observation,
    askedMs: number,
  ): Promise<void> {
    const isEmpty = observation.kind === 'published' && observation.keys.length === 0;
    const hasTrustedBase = base !== undefined && permit.atMs - base.validatedAtMs < this.timing.hardTtlMs;
    if (isEmpty && !hasTrustedBase && !this.timing.isEmptyMeant) throw emptySet();
    if (hasTrustedBase && isOlder(observation, base)) {
      throw new KeyFetchFailure('rollback', 'an older set than one that was seen');
    }
    const draft = mergeKeySets(base, { observation, atMs: permit.atMs }, this.timing);
    const offsetMs = askedMs - permit.atMs;
    const verdict = await this.store(permit, draft, offsetMs);
    if (verdict === 'REBASE') return this.rebase(permit, draft, offsetMs);
    // Another replica's fetch is at least as good as ours, and was merged into the record that there is now.
    if (verdict !== 'OK') return this.load();
    this.reports.changed(base, draft, this.behindMs);
    if (draft.emptyEvidence) throw emptySet();
  }

  /**
   * Stores our record where the store has an older one, or none, so that no replica fetches again what is known.
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

  /** Another replica has stored a record since the fetch began: ours is put on top of it, once. */
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
    this.reports.committed(verdict);
    if (verdict === 'OK') this.adopt({ ...draft, fence }, offsetMs);
    return verdict;
  }

  /** Compiles a record and swaps the keys, if it is another one, of a fetch that is not older than ours (invariant I5). */
  private adopt(found: KeyRecord, offsetMs: number): void {
    const { clock, random } = this.parts;
    const before = this.latest;
    if (this.isRetired || (before && !supersedes(found, before))) return;
    const record = before ? reconcile(before, found, this.timing) : found;
    const set = this.compile(record, offsetMs);
    this.latest = record;
    this.offsetMs = offsetMs;
    const observedMs = Math.min(record.validatedAtMs + offsetMs, clock.monoMs());
    // Replicas are due at different moments, and the store elects the first: no coordination is needed.
    this.kept = new AcceptedKeys(set, observedMs, record.refreshAfterMs * (0.9 + random() / 10));
    this.reports.adopted(record, observedMs, clock.monoMs());
  }

  /** The same keys, used as the configuration says now. */
  private recompile(): void {
    const { latest, kept } = this;
    if (!latest || !kept) return;
    this.kept = new AcceptedKeys(this.compile(latest, this.offsetMs), kept.observedMs, kept.dueAfterMs);
  }

  private compile(record: KeyRecord, offsetMs: number): KeySet {
    const { algorithms, allowKidless } = this.issuer;
    const terms = { algorithms, allowKidless, timing: this.timing, offsetMs };
    return compileKeySet(record, terms, this.kept?.set);
  }

  /** Wall time minus the times of the record. */
  private get behindMs(): number {
    const { clock } = this.parts;
    return this.offsetMs + clock.wallMs() - clock.monoMs();
  }

  private get source(): string {
    return this.issuer.keySourceFingerprint;
  }
}

function areEqual(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((member) => other.has(member));
}

/** Whether a set is from before the one of the record, as its publisher counts. Where no record may be trusted, any set will do. */
function isOlder(observation: Observation, { sequence: known }: KeyRecord): boolean {
  const seen = observation.kind === 'published' ? observation.sequence : undefined;
  return seen !== undefined && known !== undefined && seen < known;
}

function emptySet(): KeyFetchFailure {
  return new KeyFetchFailure('empty', 'a key set without a usable key');
}
