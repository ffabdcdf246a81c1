import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { composeAssertionReplay } from '../../src/callers/methods/assertion/redis-assertion-replay.js';
import type { AssertionReplay } from '../../src/callers/methods/assertion/assertion-replay.js';
import { RedisNames } from '../../src/redis/redis-names.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { RedisWorld } from './redis-world.js';

describe('assertions that replicas share in Redis', () => {
  let world: RedisWorld;
  const clock = new FakeClock();
  const inSeconds = (seconds: number): number => clock.wallMs() + seconds * 1000;

  beforeAll(async () => {
    world = await RedisWorld.start();
  });

  afterAll(() => world.stop());

  beforeEach(() => world.reset());

  function aReplica(environment = 'https://assay.example'): AssertionReplay {
    return composeAssertionReplay(clock, { link: world.link, names: new RedisNames(environment) });
  }

  it('are refused by the second replica, and after a restart', async () => {
    const [one, other] = [aReplica(), aReplica()];
    expect(await one.use('orders', 'a', inSeconds(90))).toBe(true);
    expect(await other.use('orders', 'a', inSeconds(90))).toBe(false);
    expect(await aReplica().use('orders', 'a', inSeconds(90))).toBe(false);
    expect(await one.use('orders', 'a', inSeconds(90))).toBe(false);
  });

  it('are new for another caller, and in another environment', async () => {
    expect(await aReplica().use('orders', 'a', inSeconds(90))).toBe(true);
    expect(await aReplica().use('billing', 'a', inSeconds(90))).toBe(true);
    expect(await aReplica('https://staging.example').use('orders', 'a', inSeconds(90))).toBe(true);
  });

  it('are accepted once, however many replicas are shown the same one at the same moment', async () => {
    const uses = await Promise.all(Array.from({ length: 20 }, () => aReplica().use('orders', 'a', inSeconds(90))));
    expect(uses.filter((isFirst) => isFirst)).toHaveLength(1);
  });

  it('leave Redis a minute after they expire, and say nothing there of whose they were', async () => {
    await aReplica().use('orders', 'the-jti', inSeconds(630));
    const [key] = await world.hand.keys('*');
    expect(key).toMatch(/^assay:[0-9a-f]{16}:replay:[0-9a-f]{64}$/);
    const lifeMs = await world.hand.pttl(key!);
    expect(lifeMs).toBeGreaterThan(680_000);
    expect(lifeMs).toBeLessThanOrEqual(690_000);
  });

  it('while Redis is away are refused where they were used, and accepted where they were not', async () => {
    const [one, other] = [aReplica(), aReplica()];
    await world.server.kill();
    expect(await one.use('orders', 'b', inSeconds(90))).toBe(true);
    expect(await one.use('orders', 'b', inSeconds(90))).toBe(false);
    expect(await other.use('orders', 'b', inSeconds(90))).toBe(true);
    await world.server.restart();
  });
});
