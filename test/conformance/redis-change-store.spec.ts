import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RedisChangeStore } from '../../src/changes/redis-change-store.js';
import { testNames } from '../redis/a-redis-key-store.js';
import { RedisWorld } from '../redis/redis-world.js';
import { changeStoreConformance } from './change-store.js';

const beginning = { keys: 0, denials: 0, revocations: 0 };
const last = testNames.in('log', 'last');
const denials = testNames.in('log', 'denials');

describe('RedisChangeStore', () => {
  let world: RedisWorld;

  beforeAll(async () => {
    world = await RedisWorld.start();
  });
  beforeEach(() => world.reset());
  afterAll(() => world.stop());

  const open = (nowMs?: () => number) =>
    new RedisChangeStore({ primary: world.link, names: testNames, ...(nowMs && { nowMs }) });

  changeStoreConformance(() => {
    const { time } = world;
    return Promise.resolve({
      store: open(time.now),
      other: open(time.now),
      advance: (ms: number) => {
        void time.advance(ms);
      },
      nowMs: time.now,
    });
  });

  it('reads with one command, however much there is to read', async () => {
    const store = open();
    for (let i = 0; i < 20; i++) await store.append({ kind: 'denials', sealed: `entry ${i}`, instead: [] });
    await store.read(beginning);
    await world.hand.config('RESETSTAT');
    await store.read(beginning);
    const stats = await world.hand.info('commandstats');
    expect(stats).toContain('cmdstat_evalsha:calls=1,');
  });

  it('gives later places than before a flush', async () => {
    const store = open();
    const before = await store.append({ kind: 'denials', sealed: 'one', instead: [] });
    await world.hand.flushall();
    expect(await store.append({ kind: 'denials', sealed: 'two', instead: [] })).toBeGreaterThan(before);
  });

  it.each([
    ['a place that no clock can have given', () => world.hand.set(last, String(Number.MAX_SAFE_INTEGER))],
    ['something else in the place of the last place', () => world.hand.hset(last, 'a', 'b')],
    ['text in the place of the last place', () => world.hand.set(last, 'x'.repeat(1_000_000))],
    ['something else in the place of a list', () => world.hand.set(denials, 'a text')],
  ])('goes on after %s', async (_, poison) => {
    await poison();
    const store = open();
    expect((await store.read(beginning)).pages.denials.entries).toEqual([]);
    await store.append({ kind: 'denials', sealed: 'one', instead: [] });
    const { pages } = await store.read(beginning);
    expect(pages.denials.entries.map(({ sealed }) => sealed.toString())).toEqual(['one']);
  });

  it('gives nothing that stands behind the last place: we did not append it', async () => {
    const store = open();
    const place = await store.append({ kind: 'denials', sealed: 'ours', instead: [] });
    await world.hand.zadd(denials, place + 1_000_000, 'theirs');
    const { pages } = await store.read(beginning);
    expect(pages.denials.entries.map(({ sealed }) => sealed.toString())).toEqual(['ours']);
  });
});
