import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { redisKeyNames } from '../../src/keys/store/redis-key-names.js';
import type { StoreProbe } from '../conformance/key-store-probe.js';
import { RedisWorld } from './redis-world.js';
import { testNames } from './a-redis-key-store.js';

const { budget } = redisKeyNames(testNames, 's');

describe('bytes written into the budget by hand', () => {
  let world: RedisWorld;
  let probe: StoreProbe;

  beforeAll(async () => {
    world = await RedisWorld.start();
  });

  afterAll(() => world.stop());

  beforeEach(async () => {
    await world.reset();
    probe = world.replica();
  });

  it.each<readonly [string, () => Promise<unknown>]>([
    ['a text', () => world.hand.set(budget, 'x')],
    ['512 MiB', () => world.hand.setrange(budget, 512 * 1024 ** 2 - 1, 'x')],
    ['a lease until the end of time', () => world.hand.hset(budget, { lf: '1', lx: '9007199254740991' })],
    ['a backoff until the end of time', () => world.hand.hset(budget, { na: '9007199254740991', fc: '1e15' })],
    ['a fetch that started tomorrow', () => world.hand.hset(budget, { ls: String(world.time.ms + 86_400_000) })],
    ['a spent budget', () => world.hand.hset(budget, { tat: '9007199254740991' })],
    ['a fence beyond all others', () => world.hand.hset(budget, { fence: '9007199254740991' })],
    ['no numbers', () => world.hand.hset(budget, { fence: 'x', lx: '-1', ls: 'nan', tat: 'inf', na: '0x', fc: '' })],
    ['large values', () => world.hand.hset(budget, { lx: '1'.repeat(100_000), fence: 'x'.repeat(100_000) })],
  ])('%s keeps nobody from fetching', async (_what, write) => {
    await write();
    const { fence } = await probe.committed('s', 'a', 'miss');

    expect(fence).toBeGreaterThanOrEqual(world.time.ms);
    expect(fence).toBeLessThan(world.time.ms + 10);
  });
});
