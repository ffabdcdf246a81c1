import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { MOST_PROOFS, ProofHistory } from './proof-history.js';

describe('when keys were proven', () => {
  let clock: FakeClock;
  let history: ProofHistory;

  beforeEach(() => {
    clock = new FakeClock();
    history = new ProofHistory(clock);
  });

  const note = (ageMs?: number, issuerId = 'corp') => {
    history.note([{ issuerId, ...(ageMs !== undefined && { ageMs }) }]);
  };

  it('is remembered besides the latest proof, which is the age itself', async () => {
    await clock.advance(600_000);
    note(5_000);
    expect(history.earlierAgoS('corp')).toEqual([]);
    await clock.advance(300_000);
    note(1_000);
    await clock.advance(60_000);
    note(61_500);
    note(60_100);
    expect(history.earlierAgoS('corp')).toEqual([365]);
  });

  it('is bounded for each issuer, and forgotten with it', async () => {
    for (let n = 0; n < 3 * MOST_PROOFS; n++) {
      await clock.advance(60_000);
      note(100);
    }
    expect(history.earlierAgoS('corp')).toHaveLength(MOST_PROOFS);
    note(100, 'other');
    expect(history.earlierAgoS('corp')).toEqual([]);
  });

  it('is nothing for keys of the configuration, and for keys that there are not', async () => {
    for (const age of [0, undefined, 0]) {
      await clock.advance(60_000);
      note(age);
    }
    expect(history.earlierAgoS('corp')).toEqual([]);
  });
});
