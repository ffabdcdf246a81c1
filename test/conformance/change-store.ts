import { beforeEach, describe, expect, it } from 'vitest';
import type { Arrival } from '../../src/changes/arrival.js';
import {
  LONGEST_ENTRY,
  PAGE_ENTRIES,
  HINT_LIFE_MS,
  type ChangeKind,
  type ChangeStore,
} from '../../src/changes/change-store.js';

/** A store whose clock the suite moves. */
export interface ChangeStoreUnderTest {
  readonly store: ChangeStore;
  /** Another replica's view of the same store. */
  readonly other: ChangeStore;
  readonly advance: (ms: number) => void;
  readonly nowMs: () => number;
}

const beginning: Readonly<Record<ChangeKind, number>> = { keys: 0, denials: 0, revocations: 0 };

/** What every {@link ChangeStore} has to do. `make` is called for each test. */
export function changeStoreConformance(make: () => Promise<ChangeStoreUnderTest>): void {
  let store: ChangeStore;
  let other: ChangeStore;
  let advance: (ms: number) => void;
  let nowMs: () => number;

  beforeEach(async () => {
    ({ store, other, advance, nowMs } = await make());
  });

  const append = (kind: ChangeKind, sealed: string, ...instead: string[]): Promise<number> =>
    store.append({ kind, sealed, instead });
  const read = async (kind: ChangeKind, after = 0) => {
    const { pages } = await other.read({ ...beginning, [kind]: after });
    return pages[kind].entries.map(({ sealed }) => sealed.toString());
  };

  describe('the log of changes', () => {
    it('has nothing at first', async () => {
      const empty = { entries: [], isMore: false, total: 0 };
      expect(await store.read(beginning)).toEqual({
        last: 0,
        pages: { keys: empty, denials: empty, revocations: empty },
      });
    });

    it('gives what was appended, in order, to all replicas', async () => {
      for (const entry of ['one', 'two', 'three']) await append('denials', entry);
      expect(await read('denials')).toEqual(['one', 'two', 'three']);
    });

    it('gives what comes after a place, and nothing twice', async () => {
      const first = await append('denials', 'one');
      const second = await append('denials', 'two');
      expect(await read('denials', first)).toEqual(['two']);
      expect(await read('denials', second)).toEqual([]);
    });

    it('has one order for all kinds, and a list for each', async () => {
      const hint = await append('keys', 'hint');
      const denial = await append('denials', 'denial');
      expect(denial).toBeGreaterThan(hint);
      expect([await read('keys'), await read('denials')]).toEqual([['hint'], ['denial']]);
      expect((await other.read(beginning)).last).toBe(denial);
    });

    it('gives places that grow although no time passes, and although the clock is set back', async () => {
      const first = await append('denials', 'one');
      const second = await append('denials', 'two');
      advance(-3_600_000);
      const third = await append('denials', 'three');
      expect([second > first, third > second]).toEqual([true, true]);
    });

    it('replaces entries', async () => {
      await append('denials', 'old');
      await append('denials', 'other');
      await append('denials', 'new', 'old', 'never there');
      expect(await read('denials')).toEqual(['other', 'new']);
    });

    it('moves an entry that is there already to the end, also where it would replace itself', async () => {
      await append('denials', 'one');
      await append('denials', 'two');
      const place = await append('denials', 'one', 'one');
      expect(await read('denials')).toEqual(['two', 'one']);
      expect((await other.read(beginning)).last).toBe(place);
    });

    it('removes entries', async () => {
      await append('denials', 'one');
      await append('denials', 'two');
      await store.remove('denials', [Buffer.from('one'), Buffer.from('never there')]);
      await store.remove('denials', []);
      expect(await read('denials')).toEqual(['two']);
    });

    it('forgets hints in time, and decisions never', async () => {
      await append('keys', 'old hint');
      await append('denials', 'old decision');
      advance(HINT_LIFE_MS + 1);
      await append('keys', 'new hint');
      await append('denials', 'new decision');
      expect(await read('keys')).toEqual(['new hint']);
      expect(await read('denials')).toEqual(['old decision', 'new decision']);
    });

    it('gives pages, each of which says where the next one begins', async () => {
      const all = Array.from({ length: PAGE_ENTRIES + 1 }, (_, i) => `entry ${i}`);
      for (const entry of all) await append('denials', entry);
      const page = (await other.read(beginning)).pages.denials;
      expect([page.entries.length, page.isMore, page.total]).toEqual([PAGE_ENTRIES, true, PAGE_ENTRIES + 1]);
      const rest = await other.read({ ...beginning, denials: page.entries.at(-1)!.position });
      expect(rest.pages.denials.entries.map(({ sealed }) => sealed.toString())).toEqual([all.at(-1)]);
      expect([rest.pages.denials.isMore, rest.pages.denials.total]).toEqual([false, PAGE_ENTRIES + 1]);
    });

    const arrival = (digest: string, differences: Partial<Arrival> = {}): Arrival => {
      return { source: 'corp-logout', digest, untilMs: nowMs() + 60_000, mostPerMinute: 100, ...differences };
    };

    it('takes what arrives once, together with what follows from it, whichever replica it reaches', async () => {
      const before = await append('revocations', 'before');
      expect(await store.admit(arrival('id'), ['one', 'two'])).toBe('first');
      expect(await other.admit(arrival('id'), ['three'])).toBe('repeated');
      expect(await other.admit(arrival('id', { source: 'shop-logout' }), ['four'])).toBe('first');
      expect(await read('revocations', before)).toEqual(['one', 'two', 'four']);
    });

    it('remembers what arrives without a consequence, and forgets it when its time is over', async () => {
      expect(await store.admit(arrival('id'), [])).toBe('first');
      expect(await store.admit(arrival('id'), ['one'])).toBe('repeated');
      advance(60_001);
      expect(await store.admit(arrival('id'), ['one'])).toBe('first');
      expect(await read('revocations')).toEqual(['one']);
    });

    it('limits what one source may do in a minute, and remembers nothing of what it refuses', async () => {
      const few = { mostPerMinute: 2 };
      for (const id of ['1', '2']) expect(await store.admit(arrival(id, few), [id])).toBe('first');
      expect(await other.admit(arrival('3', few), ['3'])).toBe('limited');
      expect(await other.admit(arrival('2', few), ['2'])).toBe('repeated');
      expect(await other.admit(arrival('4', few), [])).toBe('first');
      expect(await other.admit(arrival('5', { source: 'shop-logout' }), ['5'])).toBe('first');
      advance(60_000);
      expect(await other.admit(arrival('3', few), ['3'])).toBe('first');
      expect(await read('revocations')).toEqual(['1', '2', '5', '3']);
    });

    it('gives nothing of an entry that is too long, but its place', async () => {
      await append('denials', 'x'.repeat(LONGEST_ENTRY + 1));
      await append('denials', 'next');
      expect(await read('denials')).toEqual(['', 'next']);
    });
  });
}
