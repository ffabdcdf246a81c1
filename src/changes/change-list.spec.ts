import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { MemoryChangeStore } from '../../test/fakes/memory-change-store.js';
import { RecordMac } from '../redis/record-mac.js';
import type { Pause } from '../shared/pause.js';
import { ChangeLog } from './change-log.js';
import { PAGE_ENTRIES } from './change-store.js';
import { sealChange } from './sealed-change.js';

const COUNT = 2 * PAGE_ENTRIES + 1;

const mac = new RecordMac('https://assay.example', [{ id: 'k1', secret: 'a-record-key-for-tests-0123456789' }]);

describe('a long list of decisions', () => {
  let store: MemoryChangeStore;
  let texts: string[];
  let log: ChangeLog;
  let pause: Pause;
  /** What was reported of each reading from the beginning, and whether it was read to its end. */
  let readings: { readonly texts: string[]; isWhole: boolean }[];
  /** How many come later, as the follower of places was told with each page. */
  let later: number[];

  beforeEach(async () => {
    const clock = new FakeClock();
    store = new MemoryChangeStore(() => clock.wallMs());
    texts = Array.from({ length: COUNT }, (_, i) => `decision ${i}`);
    for (const text of texts) {
      await store.append({ kind: 'revocations', sealed: sealChange(mac, 'revocations', text), instead: [] });
    }
    pause = () => Promise.resolve();
    log = new ChangeLog({ store, mac, clock, onRefused: () => undefined, pauses: () => () => pause() });
    readings = [];
    later = [];
    log.followStream('revocations', {
      began: () => void readings.push({ texts: [], isWhole: false }),
      changed: (entries) => void readings.at(-1)!.texts.push(...entries.map(({ text }) => text)),
      ended: () => void (readings.at(-1)!.isWhole = true),
    });
    log.followPlaces({
      found: (_kind, _entries, count) => void later.push(count),
      readTo: () => undefined,
      lost: () => undefined,
    });
  });

  it('is read with a pause at each few entries, however long its pages are', async () => {
    let pauses = 0;
    pause = async () => void (pauses += 1);
    await log.read();
    expect(readings).toEqual([{ texts, isWhole: true }]);
    expect(pauses).toBeGreaterThan(COUNT / 25);
  });

  it('says how many come later, so that what is forgotten again need not be kept', async () => {
    await log.read();
    expect(later).toEqual([COUNT - PAGE_ENTRIES, 1, 0]);
  });

  it.each([
    [
      'a page is opened',
      (again: () => void) => {
        pause = () => {
          again();
          return Promise.resolve();
        };
      },
    ],
    [
      'a page is on its way',
      (again: () => void) => {
        const read = store.read.bind(store);
        store.read = async (after) => {
          const reading = await read(after);
          again();
          return reading;
        };
      },
    ],
  ])('is read to its end where it is to be read anew while %s', async (_when, during) => {
    let turn = 0;
    // Within the second page, or the question for it.
    during(() => {
      if (later.length === 1 && turn++ === 0) log.readAnew('revocations');
    });
    await log.read();
    expect(readings).toEqual([
      { texts: texts.slice(0, PAGE_ENTRIES), isWhole: false },
      { texts, isWhole: true },
    ]);
  });
});
