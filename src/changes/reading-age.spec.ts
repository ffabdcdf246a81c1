import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { MemoryChangeStore } from '../../test/fakes/memory-change-store.js';
import type { ChangeKind, ChangeReading } from './change-store.js';
import { ReadingAge } from './reading-age.js';

/** A primary that says which place it has, or does not answer. */
class Primary extends MemoryChangeStore {
  place: number | undefined = 10;
  asked = 0;

  override readonly mayBeBehind: boolean = true;

  constructor() {
    super(() => 0);
  }

  override async read(after: Readonly<Record<ChangeKind, number>>): Promise<ChangeReading> {
    this.asked++;
    if (this.place === undefined) throw new Error('away');
    return { ...(await super.read(after)), last: this.place };
  }
}

describe('ReadingAge', () => {
  let clock: FakeClock;
  let primary: Primary;
  let age: ReadingAge;

  beforeEach(() => {
    clock = new FakeClock();
    primary = new Primary();
    age = new ReadingAge({ store: primary, clock });
  });

  /** One poll, two seconds after the one before: the primary is at one place, and it was read up to another. */
  const poll = async (place: number | undefined, readTo: number): Promise<number | undefined> => {
    await clock.advance(2_000);
    primary.place = place;
    await age.ask();
    age.ended(readTo);
    return age.agoMs;
  };

  it('believes its own reading where that is of the primary, and asks nobody', () => {
    const own = new ReadingAge({ store: Object.assign(primary, { mayBeBehind: false }), clock });
    expect(own.agoMs).toBeUndefined();
    own.ended(3);
    expect([own.agoMs, primary.asked]).toEqual([0, 0]);
  });

  it('grows while a read replica answers and does not get what is appended', async () => {
    expect([await poll(10, 10), await poll(10, 10)]).toEqual([0, 0]);
    expect([await poll(11, 10), await poll(12, 10), await poll(13, 10)]).toEqual([2_000, 4_000, 6_000]);
    expect(await poll(13, 13)).toBe(6_000);
    expect(await poll(13, 13)).toBe(0);
  });

  it('grows while the primary does not answer, however well the read replica does', async () => {
    expect(await poll(10, 10)).toBe(0);
    expect([await poll(undefined, 10), await poll(undefined, 10)]).toEqual([2_000, 4_000]);
    expect(await poll(10, 10)).toBe(0);
  });

  it('is unknown where the primary was never there to compare with', async () => {
    expect([await poll(undefined, 10), await poll(undefined, 10)]).toEqual([undefined, undefined]);
  });

  it('is bounded where a read replica is always one poll behind a log that always grows', async () => {
    const ages = [];
    for (let place = 1; place < 20; place++) ages.push(await poll(place, place - 1));
    expect(Math.max(...ages.slice(2).map((each) => each ?? Infinity))).toBeLessThanOrEqual(4_000);
  });

  it('grows where what is read is not the log of this primary: it was read up to a place that the primary never had', async () => {
    expect([await poll(10, 99), await poll(11, 99)]).toEqual([undefined, undefined]);
    expect(await poll(99, 99)).toBe(0);
  });

  it('waits for no place that the primary has lost in a failover', async () => {
    expect([await poll(10, 10), await poll(20, 10)]).toEqual([0, 2_000]);
    expect(await poll(15, 15)).toBe(0);
  });

  it('asks once at a time', async () => {
    await Promise.all([age.ask(), age.ask()]);
    expect(primary.asked).toBe(1);
  });
});
