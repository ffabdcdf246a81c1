/** Keeps key records and the budget of fetches in memory, for a single process. */
import type { Clock } from '../../shared/clock.js';
import {
  backoffLeftMs,
  claim,
  penalize,
  recordFenceOf,
  settle,
  untouchedBudget,
  type FetchBudget,
} from './fetch-budget.js';
import type { KeyRecord } from '../record/key-record.js';
import {
  KeyStore,
  type AcquireRequest,
  type AcquireVerdict,
  type CommitRequest,
  type CommitVerdict,
  type FailRequest,
  type LoadedRecord,
} from './key-store.js';

/** @internal What is remembered of one source. */
export interface Entry {
  readonly budget: FetchBudget;
  readonly record?: KeyRecord;
  readonly touchedMs: number;
}

/** Sources that were not asked about for longer than any key may live: left over from earlier configurations. */
const FORGET_AFTER_MS = 25 * 60 * 60 * 1_000;

/** How often they are searched for at most. */
const FORGET_EVERY_MS = 60_000;

/** The store of a single process. Its clock is the monotonic one, so that a key's age cannot be set back. */
export class MemoryKeyStore extends KeyStore {
  private readonly entries = new Map<string, Entry>();
  private forgotAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly clock: Clock,
    private readonly random: () => number = Math.random,
  ) {
    super();
  }

  /** Sources that are remembered. */
  get size(): number {
    return this.entries.size;
  }

  override timeMs(): Promise<number> {
    return Promise.resolve(this.clock.monoMs());
  }

  override load(source: string): Promise<LoadedRecord | undefined> {
    const record = this.entries.get(source)?.record;
    return Promise.resolve(record && { record, storeNowMs: this.clock.monoMs() });
  }

  override acquire(source: string, request: AcquireRequest): Promise<AcquireVerdict> {
    const nowMs = this.clock.monoMs();
    const { budget: before, record } = this.entry(source);
    const { verdict, budget } = claim(before, record, request, nowMs);
    this.put(source, budget, record);
    return Promise.resolve(verdict);
  }

  override commit(source: string, { fence, baseFence, draft, hardTtlMs }: CommitRequest): Promise<CommitVerdict> {
    const nowMs = this.clock.monoMs();
    const { budget, record } = this.entry(source);
    const recordFence = recordFenceOf(record, nowMs);
    if (fence <= recordFence) return Promise.resolve('STALE');
    if (baseFence !== recordFence) return Promise.resolve('REBASE');
    if (draft.validatedAtMs + hardTtlMs <= nowMs) return Promise.resolve('TOO_OLD');
    this.put(source, settle(budget, fence), { ...draft, fence });
    return Promise.resolve('OK');
  }

  override fail(source: string, request: FailRequest): Promise<number> {
    const nowMs = this.clock.monoMs();
    const { budget, record } = this.entry(source);
    const after = penalize(budget, request, nowMs, this.random);
    this.put(source, after, record);
    return Promise.resolve(backoffLeftMs(after, request.timing, nowMs));
  }

  protected entry(source: string): Entry {
    const entry = this.entries.get(source);
    if (entry) return entry;
    this.dropOld();
    return { budget: untouchedBudget, touchedMs: this.clock.monoMs() };
  }

  protected put(source: string, budget: FetchBudget, record: KeyRecord | undefined): void {
    this.entries.set(source, { budget, touchedMs: this.clock.monoMs(), ...(record ? { record } : {}) });
  }

  private dropOld(): void {
    const nowMs = this.clock.monoMs();
    if (nowMs < this.forgotAtMs + FORGET_EVERY_MS) return;
    this.forgotAtMs = nowMs;
    const oldestMs = nowMs - FORGET_AFTER_MS;
    for (const [source, { touchedMs }] of this.entries) if (touchedMs < oldestMs) this.entries.delete(source);
  }
}
