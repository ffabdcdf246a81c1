import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { MemoryChangeStore } from '../../test/fakes/memory-change-store.js';
import { RecordMac } from '../redis/record-mac.js';
import { noPause } from '../shared/pause.js';
import { POLL_MS, type ChangeKind, type ChangeReading, type StoredChange } from './change-store.js';
import { LogReader } from './log-reader.js';
import { sealChange } from './sealed-change.js';

/** A million entries are two thousand pages; one page here stands for five of them. How many entries are on it makes no difference. */
const PAGES = 400;
const PAGE_ENTRIES = 5;
/** What a page takes: a busy machine needs 40 s for all of them. In milliseconds. */
const PAGE_MS = 100;
/** Within a poll, and what the pages around it take. In milliseconds. */
const SOON_MS = POLL_MS + 3 * PAGE_MS;
/** How often a long list is read from its beginning, in milliseconds. */
const REREAD_MS = 10 * 60 * 1_000;

const mac = new RecordMac('https://assay.example', [{ id: 'k1', secret: 'a-record-key-for-tests-0123456789' }]);

/** A store with a long list, of which each page takes its time. */
class LongStore extends MemoryChangeStore {
  entries: StoredChange[] = [];
  /** When each entry was appended. */
  readonly appendedAtMs = new Map<string, number>();
  private pages = 0;
  private plan: ReadonlyMap<number, () => void> = new Map();

  constructor(private readonly clock: FakeClock) {
    super(() => clock.wallMs());
  }

  /** Has something happen before each of these pages of the next reading. */
  before(plan: Readonly<Record<number, () => void>>): void {
    this.pages = 0;
    this.plan = new Map(Object.entries(plan).map(([page, happens]) => [Number(page), happens]));
  }

  /** @param position where a server that has lost its latest entries puts it; else that of now */
  add(text: string, position = Math.max((this.entries.at(-1)?.position ?? 0) + 1, this.clock.wallMs() * 1_000)): void {
    this.entries.push({ position, sealed: Buffer.from(sealChange(mac, 'revocations', text)) });
    this.appendedAtMs.set(text, this.clock.monoMs());
  }

  override async read(after: Readonly<Record<ChangeKind, number>>): Promise<ChangeReading> {
    this.plan.get(++this.pages)?.();
    await this.clock.advance(PAGE_MS);
    const { pages } = await super.read(after);
    const start = this.entries.findIndex(({ position }) => position > after.revocations);
    const later = start === -1 ? [] : this.entries.slice(start, start + PAGE_ENTRIES + 1);
    const [isMore, total] = [later.length > PAGE_ENTRIES, this.entries.length];
    const revocations = { entries: later.slice(0, PAGE_ENTRIES), isMore, total };
    return { last: this.entries.at(-1)?.position ?? 0, pages: { ...pages, revocations } };
  }
}

describe('a list of a million entries that is read from its beginning', { timeout: 60_000 }, () => {
  let clock: FakeClock;
  let store: LongStore;
  let reader: LogReader;
  /** When each entry became known, and which of them were passed on. */
  let knownAtMs: Map<string, number>;
  let passedOn: Set<string>;
  /** How old the reading was said to be, at each page. */
  let ages: (number | undefined)[];
  let wholes: number;

  beforeEach(() => {
    clock = new FakeClock();
    store = new LongStore(clock);
    const longAgo = (clock.wallMs() - REREAD_MS) * 1_000;
    for (let i = 0; i < PAGES * PAGE_ENTRIES; i++) store.add(`decision ${i}`, longAgo + i);
    [knownAtMs, passedOn, ages, wholes] = [new Map(), new Set(), [], 0];
    reader = new LogReader({ store, mac, clock, onRefused: () => undefined, pauses: () => noPause });
    reader.lists.revocations.decisionFollower = {
      began: () => undefined,
      changed: (entries) => {
        for (const { text } of entries) if (!knownAtMs.has(text)) knownAtMs.set(text, clock.monoMs());
        ages.push(reader.readAgoMs);
      },
      ended: () => {
        wholes++;
      },
    };
    reader.followPlaces({
      found: (_kind, entries) => {
        for (const { text } of entries) passedOn.add(text);
      },
      readTo: () => undefined,
      lost: () => undefined,
    });
  });

  /** How long after it was appended it became known, in milliseconds; NaN: never. */
  const delayOf = (text: string): number => (knownAtMs.get(text) ?? Number.NaN) - (store.appendedAtMs.get(text) ?? 0);
  const appending = (text: string) => () => {
    store.add(text);
  };
  const meanwhile = { 2: appending('early'), 180: appending('midway'), 380: appending('late') };
  const areSoon = ['early', 'midway', 'late'];

  it('at a start: what is appended meanwhile is known within a poll, and the list not before all of it was read', async () => {
    const { revocations } = reader.lists;
    let isReadEarly = false;
    store.before({ ...meanwhile, 390: () => void (isReadEarly = revocations.isRead) });
    await reader.read();
    expect(clock.monoMs()).toBeGreaterThan(PAGES * PAGE_MS);
    expect(areSoon.filter((text) => delayOf(text) > SOON_MS)).toEqual([]);
    expect([new Set(ages), isReadEarly, revocations.isRead, wholes]).toEqual([new Set([undefined]), false, true, 1]);
  });

  it('once more: the same, what was appended is passed on at once, and all that is older than a poll counts as known', async () => {
    await reader.read();
    await clock.advance(REREAD_MS);
    ages = [];
    const isPassedOn: boolean[] = [];
    const check = (): void => void isPassedOn.push(passedOn.has('midway'));
    store.before({ ...meanwhile, 220: check });
    await reader.read();
    expect(areSoon.filter((text) => delayOf(text) > SOON_MS)).toEqual([]);
    expect([isPassedOn, wholes]).toEqual([[true], 2]);
    // Until the first answer, it is as old as the poll before.
    expect(ages.slice(SOON_MS / PAGE_MS).filter((ageMs = Number.NaN) => !(ageMs <= SOON_MS))).toEqual([]);
  });

  it('more at once than fits into a page is known as soon as so many pages can be read', async () => {
    await reader.read();
    await clock.advance(REREAD_MS);
    const burst = Array.from({ length: 20 * PAGE_ENTRIES }, (_, i) => `one of many ${i}`);
    store.before({
      60: () => {
        for (const text of burst) store.add(text);
      },
    });
    await reader.read();
    expect(burst.filter((text) => delayOf(text) > SOON_MS + 2 * 20 * PAGE_MS)).toEqual([]);
  });

  it('after a loss: what was appended seconds before that was noticed is known at once, and the rest does not count as known', async () => {
    for (let i = 0; i < PAGE_ENTRIES; i++) store.add(`lost ${i}`);
    await reader.read();
    await clock.advance(POLL_MS);
    const lastPage = store.entries.splice(-PAGE_ENTRIES);
    // Places before the last that was read: so this replica can see that there was a loss.
    store.add('after the failover', lastPage[0]!.position);
    ages = [];
    store.before({ 180: appending('midway') });
    await reader.read();
    expect([delayOf('after the failover') > SOON_MS, delayOf('midway') > SOON_MS]).toEqual([false, false]);
    expect(Math.max(...ages.map((ageMs = Number.NaN) => ageMs))).toBeGreaterThan(PAGES * PAGE_MS);
    expect(reader.readAgoMs).toBe(0);
  });
});
