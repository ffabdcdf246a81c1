import { LEASE_MS } from '../key-timing.js';
import type { KeyRecord } from '../record/key-record.js';
import type { FetchDenied, FetchPermit, FetchRequest } from '../store/key-store.js';
import { missOpensMs, nextMissArrival, noFailure, type FetchBudget } from '../store/fetch-budget.js';
import { MemoryKeyStore } from '../store/memory-key-store.js';
import { supersedes } from '../record/reconcile-records.js';

/** Remembers what one replica knows of a store that it shares, so that it can go on when that store does not answer. */
export class LocalKeyStore extends MemoryKeyStore {
  /** What this replica's fetches for unknown keys have spent, whoever permitted them: as `missArrivalMs` of a budget. */
  private readonly missArrivals = new Map<string, number>();

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

  /** What this replica's own budget says against a fetch, whatever the shared store would grant. */
  deny(source: string, { kind, timing }: FetchRequest, nowMs: number): FetchDenied | undefined {
    const { budget } = this.entry(source);
    const spacedMs = budget.startedMs + timing.minSpacingMs - nowMs;
    if (spacedMs > 0) return { verdict: 'SPACED', retryInMs: spacedMs };
    if (kind !== 'miss') return undefined;
    // How long to pause after failures is decided where all replicas' failures are counted.
    const limitedMs =
      missOpensMs({ ...this.missBudget(source), ...noFailure, failures: budget.failures }, timing) - nowMs;
    return limitedMs > 0 ? { verdict: 'LIMITED', retryInMs: limitedMs } : undefined;
  }

  /** Remembers a fetch that the shared store has permitted: it counts here, should the store be gone before it ends. */
  remember(source: string, { fence, atMs }: FetchPermit, request: FetchRequest): void {
    this.charge(source, request, atMs);
    const { budget, record } = this.entry(source);
    const lease = { fence, untilMs: atMs + LEASE_MS };
    this.put(source, { ...budget, fence: Math.max(budget.fence, fence), lease, startedMs: atMs }, record);
  }

  /** Counts a fetch that this replica has been permitted, by whichever store. */
  charge(source: string, { kind, timing }: FetchRequest, atMs: number): void {
    if (kind !== 'miss') return;
    this.missArrivals.set(source, nextMissArrival({ ...this.missBudget(source), ...noFailure }, timing, atMs));
  }

  private missBudget(source: string): FetchBudget {
    const missArrivalMs = this.missArrivals.get(source) ?? Number.NEGATIVE_INFINITY;
    return { ...this.entry(source).budget, missArrivalMs };
  }
}
