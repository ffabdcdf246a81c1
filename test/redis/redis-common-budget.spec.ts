import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RedisCommonBudget } from '../../src/callers/limits/redis-common-budget.js';
import { SharedMeter } from '../../src/callers/limits/shared-meter.js';
import { SystemClock } from '../../src/shared/clock.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { RedisWorld } from './redis-world.js';
import { testNames } from './a-redis-key-store.js';

const limit = { perSecond: 10, burst: 20, shared: true };

describe('the budget that replicas share in Redis', () => {
  let world: RedisWorld;
  let budget: RedisCommonBudget;

  beforeAll(async () => {
    world = await RedisWorld.start();
  });

  afterAll(() => world.stop());

  beforeEach(async () => {
    await world.reset();
    budget = new RedisCommonBudget({ link: world.link, names: testNames }, 'orders', limit, world.time.now);
  });

  const lease = (owed: number, wanted: number) => budget.lease({ owed, wanted });
  const theKey = async (): Promise<string> => (await world.hand.keys(testNames.of('rate', '*')))[0]!;

  it('grants what there is, and says when there is more', async () => {
    expect(await lease(0, 15)).toEqual({ granted: 15, waitMs: 0 });
    expect(await lease(0, 15)).toMatchObject({ granted: 5 });
    expect(await lease(0, 15)).toEqual({ granted: 0, waitMs: 100 });
    await world.time.advance(100);
    expect(await lease(0, 15)).toMatchObject({ granted: 1 });
  });

  it('takes what is owed first, and of a debt no more than a burst', async () => {
    expect(await lease(18, 5)).toMatchObject({ granted: 2 });
    expect(await lease(1_000, 5)).toEqual({ granted: 0, waitMs: 2_100 });
    await world.time.advance(2_100);
    expect(await lease(0, 5)).toMatchObject({ granted: 1 });
  });

  it('gives each caller and each limit its own', async () => {
    await lease(0, 20);
    const other = new RedisCommonBudget({ link: world.link, names: testNames }, 'billing', limit, world.time.now);
    expect(await other.lease({ owed: 0, wanted: 20 })).toMatchObject({ granted: 20 });
    const changed = new RedisCommonBudget(
      { link: world.link, names: testNames },
      'orders',
      { ...limit, burst: 30 },
      world.time.now,
    );
    expect(await changed.lease({ owed: 0, wanted: 30 })).toMatchObject({ granted: 30 });
  });

  it('is forgotten when it is full again', async () => {
    await lease(0, 20);
    expect(await world.hand.pttl(await theKey())).toBeLessThanOrEqual(3_000);
  });

  it.each<readonly [string, (key: string) => Promise<unknown>]>([
    ['a text', (key) => world.hand.set(key, 'x')],
    ['no numbers', (key) => world.hand.hset(key, { at: 'x', spent: 'nan' })],
    ['tomorrow', (key) => world.hand.hset(key, { at: String(world.time.ms + 86_400_000), spent: '40' })],
    ['a debt without end', (key) => world.hand.hset(key, { at: '0', spent: '9007199254740991' })],
    ['large values', (key) => world.hand.hset(key, { at: '1'.repeat(100_000), spent: 'x'.repeat(100_000) })],
  ])('G-05 %s, written by hand, is a full budget', async (_what, write) => {
    await lease(0, 20);
    const key = await theKey();
    await world.hand.del(key);
    await write(key);
    expect(await lease(0, 5)).toMatchObject({ granted: 5 });
  });

  it("counts replicas together, on Redis' own clock", async () => {
    const slow = { perSecond: 1, burst: 40, shared: true };
    const clock = new FakeClock();
    const meters = [1, 2].map(
      () => new SharedMeter(slow, new RedisCommonBudget({ link: world.link, names: testNames }, 'both', slow), clock),
    );
    let passed = 0;
    const started = new SystemClock().monoMs();
    for (let i = 0; i < 60; i++) {
      for (const meter of meters) if (meter.charge() === 0) passed++;
      // What the meters have asked before this is answered before this.
      await world.link.client.ping();
      await clock.advance(0);
    }
    const earned = (new SystemClock().monoMs() - started) / 1000;
    expect(passed).toBeGreaterThanOrEqual(40);
    expect(passed).toBeLessThanOrEqual(42 + Math.ceil(earned));
  });
});
