import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { MemoryChangeStore } from '../../test/fakes/memory-change-store.js';
import { RecordMac, type RecordRefusal } from '../redis/record-mac.js';
import type { DecisionEntry } from './sealed-change.js';
import { ChangeLog } from './change-log.js';
import { PAGE_ENTRIES, POLL_MS, type ChangeKind, type ChangeReading } from './change-store.js';
import { sealChange } from './sealed-change.js';

const environment = 'https://assay.example';
const key = { id: 'k1', secret: 'a-record-key-for-tests-0123456789' };
const younger = { id: 'k2', secret: 'a-younger-record-key-9876543210-abcdef' };

/** A store that goes away, and counts what it is asked. */
class CountedStore extends MemoryChangeStore {
  isAway = false;
  reads = 0;

  override read(after: Readonly<Record<ChangeKind, number>>): Promise<ChangeReading> {
    this.reads++;
    return this.isAway ? Promise.reject(new Error('away')) : super.read(after);
  }

  override append(...args: Parameters<MemoryChangeStore['append']>): Promise<number> {
    return this.isAway ? Promise.reject(new Error('away')) : super.append(...args);
  }
}

/** One replica that follows everything. */
class Replica {
  readonly hints: string[] = [];
  missed = 0;
  readonly decisions: string[] = [];
  wholes: string[][] = [];
  entries: readonly DecisionEntry[] = [];
  readonly refusals: [ChangeKind, RecordRefusal][] = [];
  alarms = 0;
  readonly log: ChangeLog;

  constructor(store: CountedStore, clock: FakeClock, keys = [key], of = environment) {
    this.log = new ChangeLog({
      store,
      mac: new RecordMac(of, keys),
      clock,
      random: () => 0,
      onRefused: (kind, reason, isNews) => {
        this.refusals.push([kind, reason]);
        if (isNews) this.alarms++;
      },
    });
    this.log.followHints('keys', {
      changed: (texts) => this.hints.push(...texts),
      missed: () => this.missed++,
    });
    this.log.followDecisions('denials', {
      changed: (entries) => this.decisions.push(...entries.map(({ text }) => text)),
      whole: (entries) => {
        this.entries = entries;
        this.wholes.push(entries.map(({ text }) => text));
      },
    });
  }
}

describe('ChangeLog', () => {
  let clock: FakeClock;
  let store: CountedStore;
  let here: Replica;
  let there: Replica;

  beforeEach(async () => {
    clock = new FakeClock();
    store = new CountedStore(() => clock.wallMs());
    here = new Replica(store, clock);
    there = new Replica(store, clock);
    await here.log.start();
    await there.log.start();
    await clock.advance(POLL_MS);
  });

  it('asks once per poll while there is nothing new', async () => {
    const before = store.reads;
    await clock.advance(10 * POLL_MS);
    expect(store.reads - before).toBe(2 * 10);
  });

  it('brings hints and decisions within one poll', async () => {
    await here.log.offer('keys', 'a set was stored', []);
    await here.log.append('denials', 'a key was denied', []);
    await clock.advance(POLL_MS);
    expect([there.hints, there.decisions]).toEqual([['a set was stored'], ['a key was denied']]);
  });

  it('brings no hints of the time before, and all decisions', async () => {
    await here.log.offer('keys', 'old hint', []);
    await here.log.append('denials', 'old decision', []);
    const late = new Replica(store, clock);
    await late.log.start();
    expect([late.hints, late.wholes]).toEqual([[], [['old decision']]]);
    await here.log.offer('keys', 'new hint', []);
    await clock.advance(POLL_MS);
    expect(late.hints).toEqual(['new hint']);
  });

  it('says whether decisions were read to their end once', async () => {
    store.isAway = true;
    const late = new Replica(store, clock);
    await late.log.start();
    expect([late.log.isRead('denials'), late.log.readAgoMs]).toEqual([false, undefined]);
    store.isAway = false;
    await clock.advance(POLL_MS);
    expect([late.log.isRead('denials'), late.log.readAgoMs]).toEqual([true, 0]);
  });

  it('goes on where it was when a long list was interrupted, and loses nothing', async () => {
    const many = Array.from({ length: 2 * PAGE_ENTRIES + 1 }, (_, i) => `decision ${i}`);
    for (const text of many) await here.log.append('denials', text, []);
    const late = new Replica(store, clock);
    const reads = store.reads;
    const read = store.read.bind(store);
    store.read = (after) => {
      store.isAway = store.reads === reads + 1;
      return read(after);
    };
    await late.log.start();
    expect(late.log.isRead('denials')).toBe(false);
    await clock.advance(POLL_MS);
    expect(late.wholes).toEqual([many]);
  });

  it('notices that the store was emptied: tells what is left, and that hints may have been missed', async () => {
    await here.log.append('denials', 'a key was denied', []);
    await clock.advance(POLL_MS);
    store.flush();
    there.wholes = [];
    await clock.advance(POLL_MS);
    expect([there.wholes, there.missed]).toEqual([[[]], 1]);
  });

  it('notices a failover that lost entries, although as many were appended since', async () => {
    const snapshot = store.snapshot();
    await here.log.append('denials', 'lost', []);
    await clock.advance(POLL_MS);
    there.wholes = [];
    store.restore(snapshot);
    await here.log.append('denials', 'appended since', []);
    await clock.advance(30_000 + POLL_MS);
    expect(there.decisions).toContain('appended since');
    expect(there.wholes.at(-1)).toEqual(['appended since']);
  });

  it('reads a short list again and again, so that an entry that was taken away is missed', async () => {
    await here.log.append('denials', 'a key was denied', []);
    await clock.advance(POLL_MS);
    await store.remove('denials', [
      Buffer.from(sealChange(new RecordMac(environment, [key]), 'denials', 'a key was denied')),
    ]);
    await clock.advance(30_000 + POLL_MS);
    expect(there.wholes.at(-1)).toEqual([]);
  });

  it('holds a hint until the store takes it', async () => {
    store.isAway = true;
    await here.log.offer('keys', 'a set was stored', []);
    await clock.advance(POLL_MS);
    expect(there.hints).toEqual([]);
    store.isAway = false;
    await clock.advance(2 * POLL_MS);
    expect(there.hints).toEqual(['a set was stored']);
  });

  it('fails where a decision cannot be appended', async () => {
    store.isAway = true;
    await expect(here.log.append('denials', 'a key was denied', [])).rejects.toThrow('away');
  });

  it('replaces a hint by the next one of the same source', async () => {
    await here.log.offer('keys', 'source 1', []);
    await here.log.offer('keys', 'source 2', ['source 1']);
    await clock.advance(POLL_MS);
    expect(there.hints).toEqual(['source 2']);
  });

  it('does not read more hints than it can use: it looks up what they are about', async () => {
    for (let i = 0; i < 5 * PAGE_ENTRIES; i++) await here.log.offer('keys', `source ${i}`, []);
    await clock.advance(POLL_MS);
    expect([there.hints.length, there.missed]).toEqual([4 * PAGE_ENTRIES, 1]);
    await here.log.offer('keys', 'the next', []);
    await clock.advance(POLL_MS);
    expect(there.hints.at(-1)).toBe('the next');
  });

  describe('believes only what one of us has sealed', () => {
    const seal = (kind: ChangeKind, text: string, keys = [key], of = environment): string =>
      sealChange(new RecordMac(of, keys), kind, text);

    it.each<[string, string, RecordRefusal]>([
      ['nothing', '', 'too_large'],
      ['text', 'a key was denied', 'incomplete'],
      ['another text under the same seal', seal('denials', 'denied').replace('denied', 'allowed'), 'forged'],
      ['the entry of another kind', seal('keys', 'denied'), 'forged'],
      ['the entry of another environment', seal('denials', 'denied', [key], 'https://staging.example'), 'forged'],
      ['an entry under a key that is not ours', seal('denials', 'denied', [younger]), 'unknown_key'],
    ])('%s is refused as what it is', async (_, sealed, reason) => {
      await store.append({ kind: 'denials', sealed, instead: [] });
      await clock.advance(POLL_MS);
      expect([there.decisions, there.refusals]).toEqual([[], [['denials', reason]]]);
    });

    it('a thousand forgeries hide no decision, keep none out, and are one alarm', async () => {
      for (let i = 0; i < 2_000; i++) await store.append({ kind: 'denials', sealed: `junk ${i}`, instead: [] });
      await here.log.append('denials', 'a key was denied', []);
      const late = new Replica(store, clock);
      await late.log.start();
      expect([late.wholes, late.alarms]).toEqual([[['a key was denied']], 1]);
      await clock.advance(60_000);
      expect(late.alarms).toBe(1);
    });

    it('says of an entry that an older key sealed it', async () => {
      await here.log.append('denials', 'a key was denied', []);
      const rotated = new Replica(store, clock, [younger, key]);
      await rotated.log.start();
      expect(rotated.entries.map(({ isSealedByOlderKey }) => isSealedByOlderKey)).toEqual([true]);
    });
  });

  it('stops', () => {
    here.log.stop();
    there.log.stop();
    expect(clock.timers).toBe(0);
  });
});
