import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { ListKnowledge, type KnowledgeRules } from './list-knowledge.js';

const usual: KnowledgeRules = { onUnknown: 'wait', coldStart: 5_000, maxStaleness: 60_000 };

describe('ListKnowledge', () => {
  let clock: FakeClock;
  let list: { isRead: boolean };
  let readAtMs: number | undefined;
  let answeredAtMs: number | undefined;
  let blind: number;
  let knowledge: ListKnowledge;

  const agoMs = (atMs: number | undefined) => (atMs === undefined ? undefined : clock.monoMs() - atMs);
  const log = {
    get readAgoMs() {
      return agoMs(readAtMs);
    },
    get answeredAgoMs() {
      return agoMs(answeredAtMs);
    },
  };

  beforeEach(() => {
    clock = new FakeClock();
    list = { isRead: false };
    readAtMs = answeredAtMs = undefined;
    blind = 0;
    knowledge = new ListKnowledge({ list, log, clock, onBlindVerdict: () => blind++ });
    knowledge.rules = usual;
  });

  const read = (): void => {
    list.isRead = true;
    readAtMs = answeredAtMs = clock.monoMs();
  };

  /** Whether requests are welcome, whether they get a verdict, and how many of those were blind so far. */
  const state = (onUnknown: KnowledgeRules['onUnknown']) => {
    knowledge.rules = { ...usual, onUnknown };
    return [knowledge.isReady, knowledge.mayJudge(), blind];
  };

  it('never read: is ready where that was written out alone, and then after the cold start', async () => {
    expect([state('wait'), state('refuse'), state('accept')]).toEqual([
      [false, true, 1],
      [false, false, 1],
      [false, true, 2],
    ]);
    await clock.advance(usual.coldStart);
    expect([state('wait'), state('refuse'), state('accept')]).toEqual([
      [false, true, 3],
      [false, false, 3],
      [true, true, 4],
    ]);
  });

  it('a first reading that goes on is waited for, however long it takes', async () => {
    for (let page = 0; page < 20; page++) {
      await clock.advance(usual.coldStart - 1);
      expect(state('accept')[0]).toBe(false);
      answeredAtMs = clock.monoMs();
    }
    await clock.advance(usual.coldStart);
    expect(state('accept')[0]).toBe(true);
  });

  it.each(['wait', 'refuse', 'accept'] as const)(
    'read: is ready, and judges with open eyes (%s)',
    async (onUnknown) => {
      read();
      await clock.advance(usual.maxStaleness);
      expect(state(onUnknown)).toEqual([true, true, 0]);
    },
  );

  it('not read for too long: goes on and counts, but where that was forbidden', async () => {
    read();
    await clock.advance(usual.maxStaleness + 1);
    expect([state('wait'), state('refuse'), state('accept')]).toEqual([
      [true, true, 1],
      [false, false, 1],
      [true, true, 2],
    ]);
    read();
    expect(state('refuse')).toEqual([true, true, 2]);
  });

  it('nothing is missed where nothing is shared', async () => {
    const alone = new ListKnowledge({ list: { isRead: true }, clock });
    await clock.advance(7 * 24 * 3_600_000);
    expect([alone.isReady, alone.isStale, alone.mayJudge()]).toEqual([true, false, true]);
  });
});
