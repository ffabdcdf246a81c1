import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RedisFleetMembers } from '../../src/keys/fleet/redis-fleet-members.js';
import { RedisFleetNews } from '../../src/keys/fleet/redis-fleet-news.js';
import { commitChannel } from '../../src/keys/store/redis-key-names.js';
import { sourceName } from '../../src/keys/store/source-name.js';
import { redisSubscriber } from '../../src/redis/redis-client.js';
import type { RedisClient } from '../../src/redis/redis-link.js';
import { StoreProbe } from '../conformance/key-store-probe.js';
import { eventually } from '../fakes/eventually.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { aRedisKeyStore, testNames } from './a-redis-key-store.js';
import { RedisWorld } from './redis-world.js';

const membersInEurope = testNames.of('members', 'eu');

describe('a fleet over Redis', () => {
  let world: RedisWorld;

  beforeAll(async () => {
    world = await RedisWorld.start();
  });
  beforeEach(() => world.reset());
  afterAll(() => world.stop());

  describe('members', () => {
    const member = (replica: string, clock: FakeClock, region = 'eu', assumed = 7) =>
      new RedisFleetMembers({ link: world.link, names: testNames, clock, replica, region, assumed });

    it('assumes a number until it could count, and counts by region', async () => {
      const clock = new FakeClock();
      const [a, b, c] = [member('a', clock), member('b', clock), member('c', clock, 'us')];
      expect(a.size).toBe(7);
      for (const one of [a, b, c]) one.start();
      await eventually(async () => (await world.hand.zcard(membersInEurope)) === 2);
      await clock.advance(5_000);

      await eventually(() => a.size === 2 && b.size === 2 && c.size === 1);
      await Promise.all([a.stop(), b.stop(), c.stop()]);
      expect(await world.hand.zcard(membersInEurope)).toBe(0);
    });

    it('does not count who fell silent, nor who was counted by a clock of the future', async () => {
      const nowMs = Date.now();
      const beats = { silent: nowMs - 16_000, alive: nowMs - 10_000, future: nowMs + 60_000 };
      for (const [replica, beatMs] of Object.entries(beats)) await world.hand.zadd(membersInEurope, beatMs, replica);
      const one = member('one', new FakeClock());
      one.start();

      await eventually(() => one.size === 2);
      await one.stop();
      expect(await world.hand.zrange(membersInEurope, '0', '-1')).toEqual(['alive']);
    });

    it('remembers the number while Redis is away', async () => {
      const clock = new FakeClock();
      const [a, b] = [member('a', clock), member('b', clock)];
      a.start();
      await eventually(() => a.size === 1);
      b.start();
      await eventually(() => b.size === 2);
      await world.hand.set(membersInEurope, 'something else');
      await clock.advance(5_000);

      expect(b.size).toBe(2);
      await Promise.all([a.stop(), b.stop()]);
    });
  });

  describe('news', () => {
    let clock: FakeClock;
    let subscribers: RedisClient[];
    let news: RedisFleetNews;
    let hints: string[];

    beforeEach(() => {
      clock = new FakeClock();
      subscribers = [];
      hints = [];
      news = new RedisFleetNews({
        names: testNames,
        publisher: world.link,
        clock,
        subscriber: () => {
          const client = redisSubscriber({ url: world.server.url }, 'test');
          subscribers.push(client);
          return client;
        },
      });
      news.onHint((name, fence) => void hints.push(`${name} ${fence}`));
    });
    afterEach(() => news.stop());

    const listeners = async (): Promise<number> =>
      Number((await world.hand.pubsub('NUMSUB', commitChannel(testNames)))[1]);

    it('hints at commits', async () => {
      const store = new StoreProbe({ store: aRedisKeyStore(world.link), advance: async () => undefined });
      news.start();
      await eventually(async () => (await listeners()) === 1);
      const { fence } = await store.committed('mine');

      await eventually(() => hints.length > 0);
      expect(hints).toEqual([`${sourceName('mine')} ${fence}`]);
    });

    it('is not impressed by nonsense', async () => {
      const name = sourceName('mine');
      news.start();
      await eventually(async () => (await listeners()) === 1);
      for (const nonsense of [
        '',
        name,
        `${name} x`,
        `${name} -1`,
        `${name} 99999999999999999`,
        'else 5',
        `${name} 5`,
      ]) {
        await world.hand.publish(commitChannel(testNames), nonsense);
      }

      await eventually(() => hints.length > 0);
      expect(hints).toEqual([`${name} 5`]);
    });

    it('subscribes anew when nothing was received for 15 s, not even itself', async () => {
      news.start();
      await eventually(async () => (await listeners()) === 1);
      await subscribers[0]!.unsubscribe();
      await clock.advance(15_000);

      await eventually(async () => (await listeners()) === 1);
      expect(subscribers).toHaveLength(2);
    });

    it('counts silence from the latest message, not from the attempt to subscribe again', async () => {
      news.start();
      await eventually(async () => (await listeners()) === 1);
      await subscribers[0]!.unsubscribe();
      await clock.advance(15_000);
      await eventually(async () => (await listeners()) === 1);
      expect(news.silentForMs).toBe(15_000);

      await clock.advance(5_000);
      await eventually(() => news.silentForMs === 0);
      expect(subscribers).toHaveLength(2);
    });

    it('keeps a subscription that is alive', async () => {
      news.start();
      await eventually(async () => (await listeners()) === 1);
      for (let i = 0; i < 5; i++) {
        await clock.advance(5_000);
        await eventually(() => news.silentForMs === 0);
      }

      expect(subscribers).toHaveLength(1);
    });
  });
});
