import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { CallerActivity, SharedCounts } from './caller-activity.js';
import { CallerCounter } from './caller-counter.js';
import { type CountsByCaller, LONGEST_COUNTS, readCounts, writeCounts } from './caller-counts.js';

const minute = 60_000;

/** What several replicas share in one process. */
class SharedMemory extends SharedCounts {
  readonly said = new Map<string, CountsByCaller>();

  override write(replica: string, counts: CountsByCaller): Promise<void> {
    this.said.set(replica, counts);
    return Promise.resolve();
  }

  override read(replicas: readonly string[]): Promise<readonly (CountsByCaller | undefined)[]> {
    return Promise.resolve(replicas.map((each) => this.said.get(each)));
  }
}

describe('what callers asked lately', () => {
  let clock: FakeClock;
  let shared: SharedMemory | undefined;

  beforeEach(() => {
    clock = new FakeClock();
    shared = new SharedMemory();
  });

  const replica = (name: string, limited = new Map<string, number>()) => {
    const counter = new CallerCounter();
    const takeLimited = (): ReadonlyMap<string, number> => {
      const taken = new Map(limited);
      limited.clear();
      return taken;
    };
    const activity = new CallerActivity({ counter, takeLimited, shared, clock, replica: name });
    activity.start();
    return { activity, counter };
  };

  it('is the sum of all replicas, by reason; who says nothing is named', async () => {
    const one = replica('one', new Map([['orders', 3]]));
    const other = replica('other');
    one.counter.active('orders');
    one.counter.refused('orders', 'expired');
    other.counter.active('orders');
    other.counter.refused('orders', 'expired');
    other.counter.refused('batch', 'malformed');
    await clock.advance(10_000);
    const { counts, missing } = await one.activity.recent(['one', 'other', 'silent']);
    expect(counts).toEqual(
      new Map([
        ['orders', { active: 2, limited: 3, refused: new Map([['expired', 2]]) }],
        ['batch', { active: 0, limited: 0, refused: new Map([['malformed', 1]]) }],
      ]),
    );
    expect(missing).toEqual(['silent']);
  });

  it('ends after a quarter of an hour', async () => {
    const { activity, counter } = replica('one');
    counter.active('orders');
    await clock.advance(14 * minute);
    expect((await activity.recent(['one'])).counts.get('orders')).toMatchObject({ active: 1 });
    await clock.advance(2 * minute);
    expect((await activity.recent(['one'])).counts.size).toBe(0);
  });

  it('ends so where nobody has asked for it before, and nothing is shared', async () => {
    shared = undefined;
    const { activity, counter } = replica('one');
    counter.active('orders');
    await clock.advance(16 * minute);
    expect((await activity.recent(['one'])).counts.size).toBe(0);
  });
});

describe('counts as they are stored', () => {
  const counts = new Map([['orders', { active: 2, limited: 1, refused: new Map([['expired', 2]]) }]]);

  it('come back as they were written, and are never longer than the bound', () => {
    expect(readCounts(Buffer.from(writeCounts(counts)))).toEqual(counts);
    const many = new Map([...Array(5_000).keys()].map((i) => [`caller-${i}`, counts.get('orders')!]));
    const text = writeCounts(many);
    expect(text.length).toBeLessThanOrEqual(LONGEST_COUNTS);
    expect(readCounts(Buffer.from(text))?.size).toBeGreaterThan(500);
  });

  it.each([
    'x',
    '[]',
    '{"a":[1,2]}',
    '{"a":[-1,0,{}]}',
    '{"a":[1.5,0,{}]}',
    '{"a":[1,0,{"<b>":1}]}',
    '{"a":[1,0,{"expired":"1"}]}',
  ])('are not read from %s', (text) => {
    expect(readCounts(Buffer.from(text))).toBeUndefined();
  });
});
