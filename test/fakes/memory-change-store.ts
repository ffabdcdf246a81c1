import type { Arrival, ArrivalOutcome } from '../../src/changes/arrival.js';
import { MemoryArrivals } from '../../src/changes/memory-arrivals.js';
import {
  changeKinds,
  ChangeStore,
  HINT_LIFE_MS,
  LONGEST_ENTRY,
  PAGE_ENTRIES,
  type ChangeKind,
  type ChangePage,
  type ChangeReading,
  type NewChange,
} from '../../src/changes/change-store.js';

/** A list of changes in memory, which runs the conformance suite of the one in Redis. */
export class MemoryChangeStore extends ChangeStore {
  private last = 0;
  private lists = new Map<ChangeKind, Map<string, number>>();
  private readonly arrivals = new MemoryArrivals();

  /** @param nowMs the store's clock, in milliseconds */
  constructor(private readonly nowMs: () => number) {
    super();
  }

  override read(after: Readonly<Record<ChangeKind, number>>): Promise<ChangeReading> {
    const pages = changeKinds.map((kind) => [kind, this.page(kind, after[kind])] as const);
    return Promise.resolve({ last: this.last, pages: Object.fromEntries(pages) as Record<ChangeKind, ChangePage> });
  }

  override append({ kind, sealed, instead }: NewChange): Promise<number> {
    const nowMicros = this.nowMs() * 1_000;
    const list = this.list(kind);
    for (const other of instead) if (other !== sealed) list.delete(other);
    this.last = Math.max(this.last + 1, nowMicros);
    list.set(sealed, this.last);
    if (kind === 'keys') {
      for (const [entry, place] of list) if (place <= nowMicros - HINT_LIFE_MS * 1_000) list.delete(entry);
    }
    return Promise.resolve(this.last);
  }

  override async admit(arrival: Arrival, sealed: readonly string[]): Promise<ArrivalOutcome> {
    const outcome = this.arrivals.admit(arrival, sealed.length > 0, this.nowMs());
    if (outcome === 'first') {
      for (const each of sealed) await this.append({ kind: 'revocations', sealed: each, instead: [] });
    }
    return outcome;
  }

  override remove(kind: ChangeKind, sealed: readonly Buffer[]): Promise<void> {
    for (const entry of sealed) this.list(kind).delete(entry.toString());
    return Promise.resolve();
  }

  /** It has forgotten everything. */
  flush(): void {
    this.restore({ last: 0, lists: new Map() });
    this.arrivals.clear();
  }

  /** What there is now, for {@link restore}. */
  snapshot(): { readonly last: number; readonly lists: ReadonlyMap<ChangeKind, ReadonlyMap<string, number>> } {
    return { last: this.last, lists: copied(this.lists) };
  }

  /** A failover to a replica that was behind. */
  restore({ last, lists }: ReturnType<MemoryChangeStore['snapshot']>): void {
    this.last = last;
    this.lists = copied(lists);
  }

  private page(kind: ChangeKind, after: number): ChangePage {
    const later = [...this.list(kind)]
      .filter(([, place]) => place > after && place <= this.last)
      .sort(([, one], [, other]) => one - other);
    const entries = later.slice(0, PAGE_ENTRIES).map(([sealed, position]) => ({
      position,
      sealed: Buffer.from(Buffer.byteLength(sealed) <= LONGEST_ENTRY ? sealed : ''),
    }));
    return { entries, isMore: later.length > PAGE_ENTRIES, total: this.list(kind).size };
  }

  private list(kind: ChangeKind): Map<string, number> {
    const list = this.lists.get(kind) ?? new Map<string, number>();
    this.lists.set(kind, list);
    return list;
  }
}

function copied(lists: ReadonlyMap<ChangeKind, ReadonlyMap<string, number>>): Map<ChangeKind, Map<string, number>> {
  return new Map([...lists].map(([kind, list]) => [kind, new Map(list)]));
}
