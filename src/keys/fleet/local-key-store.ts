import { LEASE_MS, type KeyTiming } from '../key-timing.js';
import type { KeyRecord } from '../record/key-record.js';
import type { FetchPermit } from '../store/key-store.js';
import { noFailure } from '../store/fetch-budget.js';
import { MemoryKeyStore } from '../store/memory-key-store.js';
import { supersedes } from '../record/reconcile-records.js';

/** Remembers what one replica knows of a store that it shares, so that it can go on when that store does not answer. */
export class LocalKeyStore extends MemoryKeyStore {
  /** Takes over what was read from the shared store or written to it, unless what is here is younger. */
  hold(source: string, record: KeyRecord): void {
    const { budget, record: held } = this.entry(source);
    if (held && !supersedes(record, held)) return;
    const { lease, ...rest } = budget;
    const fence = Math.max(budget.fence, record.fence);
    // A replica has reached the issuer: what failed here before is over.
    const isNews = !held || held.validatedAtMs < record.validatedAtMs;
    const recovered = isNews ? noFailure : {};
    const kept = lease && lease.fence !== record.fence ? { lease } : {};
    this.put(source, { ...rest, ...kept, fence, ...recovered }, record);
  }

  /** How long this replica has to wait after its latest fetch, whichever store permitted it. In milliseconds, at least 0. */
  spacedForMs(source: string, { minSpacingMs }: KeyTiming, nowMs: number): number {
    return Math.max(0, this.entry(source).budget.startedMs + minSpacingMs - nowMs);
  }

  /** Remembers a fetch that the shared store has permitted: it counts here, should the store be gone before it ends. */
  remember(source: string, { fence, atMs }: FetchPermit): void {
    const { budget, record } = this.entry(source);
    const lease = { fence, untilMs: atMs + LEASE_MS };
    this.put(source, { ...budget, fence: Math.max(budget.fence, fence), lease, startedMs: atMs }, record);
  }
}
