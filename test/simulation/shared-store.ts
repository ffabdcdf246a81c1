import type { KeyRecord } from '../../src/keys/record/key-record.js';
import type {
  AcquireRequest,
  AcquireVerdict,
  CommitRequest,
  CommitVerdict,
  FailRequest,
} from '../../src/keys/store/key-store.js';
import { MemoryKeyStore } from '../../src/keys/store/memory-key-store.js';
import { SAME_FETCH_MS } from '../../src/keys/record/reconcile-records.js';
import type { DecisionKind, NewChange } from '../../src/changes/change-store.js';
import { MemoryChangeStore } from '../fakes/memory-change-store.js';
import type { Dice } from './dice.js';
import type { StoreClock, VirtualTime } from './virtual-time.js';

/** A fetch that a store has granted. */
export interface Granted {
  readonly atMs: number;
  readonly source: string;
  readonly kind: string;
  /** Whether the fetch before it, as far as it was heard of again, failed. */
  readonly isAfterFailure: boolean;
}

/** Everything that a store has at one moment. */
export interface StoreSnapshot {
  readonly entries: ReadonlyMap<string, unknown>;
  readonly changes: ReturnType<MemoryChangeStore['snapshot']>;
}

/** A log of changes to which somebody puts back what once stood there. */
class ReplayedChanges extends MemoryChangeStore {
  /** The place that was given last, also where it has been lost since. */
  latestPlace = 0;
  private readonly everDecided = new Map<string, DecisionKind>();

  override async append(change: NewChange): Promise<number> {
    if (change.kind !== 'keys') this.everDecided.set(change.sealed, change.kind);
    this.latestPlace = await super.append(change);
    return this.latestPlace;
  }

  /** Every decision comes once more, at the end of the log: genuine, and maybe long replaced. */
  async replay(): Promise<void> {
    const byKind = (wanted: DecisionKind) => [...this.everDecided].filter(([, kind]) => kind === wanted);
    // Revocations come with the oldest last: whoever believes the order takes it for the newest.
    for (const [sealed, kind] of [...byKind('denials'), ...byKind('revocations').reverse()]) {
      await this.append({ kind, sealed, instead: [] });
    }
  }
}

/** One primary that replicas share: remembers what it granted, and reports commits. */
export class SharedStore extends MemoryKeyStore {
  /** Fetches granted since the store last lost its memory. */
  grants: Granted[] = [];
  /** What replicas tell each other through it. */
  readonly changes: ReplayedChanges;
  /** Commits that made a record older. */
  readonly regressions: string[] = [];
  /** Sources whose latest fetch failed. */
  private readonly failing = new Set<string>();

  constructor(
    private readonly world: VirtualTime,
    readonly storeClock: StoreClock,
    private readonly dice: Dice,
    private readonly onCommit: (source: string, fence: number) => void,
  ) {
    super(storeClock, dice.roll);
    this.changes = new ReplayedChanges(() => storeClock.monoMs());
  }

  record(source: string): KeyRecord | undefined {
    return this.entry(source).record;
  }

  override async acquire(source: string, request: AcquireRequest): Promise<AcquireVerdict> {
    const verdict = await super.acquire(source, request);
    if (verdict.verdict === 'GRANT' && request.kind !== 'push') {
      const isAfterFailure = this.failing.has(source);
      this.grants.push({ atMs: this.world.nowMs, source, kind: request.kind, isAfterFailure });
    }
    return verdict;
  }

  override async commit(source: string, request: CommitRequest): Promise<CommitVerdict> {
    const before = this.record(source);
    const isHeld = this.isHeld(source, request.fence);
    const verdict = await super.commit(source, request);
    if (verdict !== 'OK') return verdict;
    if (isHeld) this.failing.delete(source);
    // A clock that was moved makes the same fetch older or younger by as much.
    const toleratedMs = 2 * SAME_FETCH_MS + this.storeClock.movedMs;
    if (before && request.draft.validatedAtMs < before.validatedAtMs - toleratedMs) {
      this.regressions.push(`${source} at ${this.world.nowMs}`);
    }
    this.onCommit(source, request.fence);
    return verdict;
  }

  override async fail(source: string, request: FailRequest): Promise<number> {
    if (this.isHeld(source, request.fence) && request.isAbandoned !== true) this.failing.add(source);
    return super.fail(source, request);
  }

  flush(): void {
    this.state.clear();
    this.failing.clear();
    this.changes.flush();
    this.grants = [];
  }

  /** What there is now, for {@link restore}. */
  snapshot(): StoreSnapshot {
    return { entries: new Map(this.state), changes: this.changes.snapshot() };
  }

  /** A failover to a replica that was behind. */
  restore({ entries, changes }: StoreSnapshot): void {
    this.state.clear();
    for (const [source, entry] of entries) this.state.set(source, entry);
    this.changes.restore(changes);
    this.failing.clear();
    for (const source of this.state.keys()) if (this.entry(source).budget.failures > 0) this.failing.add(source);
    this.grants = [];
  }

  /** Another primary that believes to be the only one. */
  split(onCommit: (source: string, fence: number) => void): SharedStore {
    const other = new SharedStore(this.world, this.storeClock, this.dice.fork(), onCommit);
    other.restore(this.snapshot());
    return other;
  }

  /** A fetch whose lease has been taken over, or that is a push, says nothing about the issuer. */
  private isHeld(source: string, fence: number): boolean {
    return this.entry(source).budget.lease?.fence === fence;
  }

  private get state(): Map<string, unknown> {
    return (this as unknown as { entries: Map<string, unknown> }).entries;
  }
}
