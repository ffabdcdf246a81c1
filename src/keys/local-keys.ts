import type { Issuer } from '../issuers/issuer.js';
import type { Clock } from '../shared/clock.js';
import { AcceptedKeys } from './accepted-keys.js';
import { keyChanges } from './key-changes.js';
import type { KeyEvents } from './key-events.js';
import { KeyFetchFailure } from './key-fetch-failure.js';
import type { KeyRecord } from './key-record.js';
import { compileKeySet } from './key-set.js';
import type { Observation } from './key-source.js';
import type { Grant, KeyStore } from './key-store.js';
import { timingOf, type KeyTiming } from './key-timing.js';
import { mergeKeySets } from './merge-key-sets.js';
import { isInDoubt, nextLookMs } from './next-look.js';

/** What {@link LocalKeys} works with. */
export interface LocalKeysParts {
  readonly store: KeyStore;
  readonly clock: Clock;
  readonly events: KeyEvents;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** This replica's copy of one issuer's record, and the keys compiled from it. Its age is carried, never restarted (D3, D6). */
export class LocalKeys {
  timing: KeyTiming;
  private latest: KeyRecord | undefined;
  private kept: AcceptedKeys | undefined;
  /** Monotonic time minus the store's. */
  private offsetMs = 0;
  private isRetired = false;

  constructor(
    private issuer: Issuer,
    private readonly parts: LocalKeysParts,
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

  /** Whether a look before the regular one has something to settle. */
  get areInDoubt(): boolean {
    return this.latest !== undefined && isInDoubt(this.latest);
  }

  /** When the next look is due, monotonic; `-Infinity` when there are no keys. */
  get nextLookMs(): number {
    if (!this.latest || !this.kept) return Number.NEGATIVE_INFINITY;
    return this.toMonoMs(nextLookMs(this.latest, this.kept.dueAfterMs, this.timing));
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

  /** Takes over what the store has. */
  async load(leastFence?: number): Promise<void> {
    const askedMs = this.parts.clock.monoMs();
    const loaded = await this.parts.store.load(this.issuer.keySourceFingerprint, leastFence);
    if (loaded) await this.adopt(loaded.record, askedMs - loaded.storeNowMs);
  }

  /** What a granted look is to be merged into: the store's record, or ours where the store has lost its own. */
  async baseOf({ baseFence }: Grant): Promise<KeyRecord | undefined> {
    if (this.fence === baseFence) return this.latest;
    return (await this.parts.store.load(this.issuer.keySourceFingerprint, baseFence))?.record ?? this.latest;
  }

  /**
   * Merges what a look saw, stores it and adopts it.
   * @throws {KeyFetchFailure} `empty` when it saw a set without a usable key, which nobody believes at once
   */
  async settle(grant: Grant, base: KeyRecord | undefined, observation: Observation, askedMs: number): Promise<void> {
    const isEmpty = observation.kind === 'published' && observation.keys.length === 0;
    const hasTrustedBase = base !== undefined && grant.atMs - base.validatedAtMs < this.timing.hardTtlMs;
    if (isEmpty && !hasTrustedBase) throw emptySet();
    const draft = mergeKeySets(base, { observation, atMs: grant.atMs }, this.timing);
    const verdict = await this.parts.store.commit(this.issuer.keySourceFingerprint, {
      fence: grant.fence,
      baseFence: grant.baseFence,
      draft,
      hardTtlMs: this.timing.hardTtlMs,
    });
    // Somebody else's look is at least as good as ours, and was merged into the record that there is now.
    if (verdict !== 'OK') return this.load();
    for (const change of keyChanges(base, draft)) {
      this.parts.events.note({ event: 'key', issuerId: this.issuer.id, ...change });
    }
    await this.adopt({ ...draft, fence: grant.fence }, askedMs - grant.atMs);
    if (draft.emptyEvidence) throw emptySet();
  }

  /** Compiles a record and swaps the keys, unless ours are of a younger observation (invariant I5). */
  private async adopt(record: KeyRecord, offsetMs: number): Promise<void> {
    const { clock, random } = this.parts;
    const observedMs = Math.min(record.validatedAtMs + offsetMs, clock.monoMs());
    if (this.kept && observedMs < this.kept.observedMs) return;
    const { algorithms } = this.issuer;
    const set = await compileKeySet(record, { algorithms, timing: this.timing, offsetMs });
    if (this.isRetired) return;
    this.latest = record;
    this.offsetMs = offsetMs;
    // Replicas are due at different moments, and the store elects the first: nobody has to coordinate.
    this.kept = new AcceptedKeys(set, observedMs, record.refreshAfterMs * (0.9 + random() / 10));
  }
}

function emptySet(): KeyFetchFailure {
  return new KeyFetchFailure('empty', 'a key set without a usable key');
}
