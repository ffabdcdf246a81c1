import { randomUUID } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ProofReplay, type UseOutcome } from '../../src/proofs/proof-replay.js';
import type { DpopTerms } from '../../src/proofs/proof-terms.js';
import { RedisProofUses } from '../../src/proofs/redis-proof-uses.js';
import { RedisNames } from '../../src/redis/redis-names.js';
import { aKey, thumbprintOf } from '../builders/a-key.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { RedisWorld } from '../redis/redis-world.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const jkt = thumbprintOf(aKey().jwk);
const terms: DpopTerms = {
  algorithms: new Set(['ES256']),
  maxAgeSeconds: 60,
  replay: 'shared',
  onUnknown: 'accept',
  nonce: 'off',
  proxySetsRequestId: false,
};

describe('DP-04 DP-09 uses of proofs that replicas share in Redis', () => {
  let world: RedisWorld;
  const clock = new FakeClock();
  const untilMs = clock.wallMs() + 90_000;
  let counted: UseOutcome[] = [];

  beforeAll(async () => {
    world = await RedisWorld.start();
  });

  afterAll(() => world.stop());

  beforeEach(async () => {
    counted = [];
    await world.reset();
  });

  function aReplica(limits?: { total: number; perUser: number }): ProofReplay {
    const shared = new RedisProofUses(world.link, new RedisNames('https://assay.example'));
    const metrics = { count: (_name: string, labels: object) => void counted.push(outcomeIn(labels)) };
    return new ProofReplay({ clock, metrics, shared, ...(limits && { limits }) });
  }

  const outcomeIn = (labels: object): UseOutcome => (labels as { outcome: UseOutcome }).outcome;
  const use = (replica: ProofReplay, jti: string, more: Partial<DpopTerms> = {}) =>
    replica.use({ jkt, jti, untilMs }, { ...terms, ...more }, 'edge');

  it('of many replicas with one proof at one moment, one lets it pass', async () => {
    const uses = await Promise.all(Array.from({ length: 20 }, () => use(aReplica(), 'a')));
    expect(uses.filter((isFirst) => isFirst)).toHaveLength(1);
  });

  it('a used proof is known after a restart, and to local profiles where it was used', async () => {
    const replica = aReplica();
    expect([await use(replica, 'a'), await use(aReplica(), 'a')]).toEqual([true, false]);
    expect(await use(replica, 'a', { replay: 'local' })).toBe(false);
  });

  it('the name in Redis is short, says nothing of whose it is, and goes by itself', async () => {
    await use(aReplica(), 'the-jti');
    const [key] = await world.hand.keys('*');
    expect(key).toMatch(/^assay:[0-9a-f]{16}:dpop:[A-Za-z0-9_-]{22}$/);
    const lifeMs = await world.hand.pttl(key!);
    expect(lifeMs).toBeGreaterThan(85_000);
    expect(lifeMs).toBeLessThanOrEqual(90_000);
  });

  it('a full memory is 503 for the one who filled it, writes nothing more, and forgets nothing', async () => {
    const replica = aReplica({ total: 10, perUser: 5 });
    for (let i = 0; i < 5; i++) expect(await use(replica, `${i}`)).toBe(true);
    await expect(use(replica, 'x')).rejects.toMatchObject({ status: 503 });
    expect(await use(replica, '0')).toBe(false);
    const others = { jkt: thumbprintOf(aKey().jwk), jti: 'x', untilMs };
    expect(await replica.use(others, terms, 'edge')).toBe(true);
    expect(await world.hand.dbsize()).toBe(6);
  });

  it('a hundred thousand proofs take bounded memory, here and in Redis, and all of it is given back', async () => {
    const replica = aReplica();
    const before = { redis: await usedBytes(), heap: heapBytes() };
    for (let round = 0; round < 100; round++) {
      const named = () => ({ jkt, jti: randomUUID(), untilMs, requestId: randomUUID() });
      const uses = await Promise.all(Array.from({ length: 1_000 }, () => replica.use(named(), terms, 'edge')));
      expect(uses).not.toContain(false);
      counted = [];
    }
    expect([replica.size, await world.hand.dbsize()]).toEqual([100_000, 100_000]);
    expect((await usedBytes()) - before.redis).toBeLessThan(25_000_000);
    expect(heapBytes() - before.heap).toBeLessThan(25_000_000);
    const names = (await world.hand.keys('*')).slice(0, 100);
    const lives = await Promise.all(names.map((name) => world.hand.pttl(name)));
    expect(Math.max(...lives)).toBeLessThanOrEqual(90_000);
    await clock.advance(120_000);
    const left = replica.size;
    clock.stepWall(-120_000);
    expect(left).toBe(0);
    // The names of the last requests are held until there are newer ones.
    expect(heapBytes() - before.heap).toBeLessThan(8_000_000);
  }, 60_000);

  describe('DP-05 a second question about one request', () => {
    const requestId = randomUUID();
    const ask = (replica: ProofReplay, jti: string, named = requestId, caller = 'edge') =>
      replica.use({ jkt, jti, untilMs, requestId: named }, terms, caller);

    it('is no second use, at whichever replica; by another request or none, or through another profile, it is', async () => {
      const [one, two] = [aReplica(), aReplica()];
      expect([await ask(one, 'a'), await ask(two, 'a'), await ask(one, 'a'), await ask(two, 'a')]).toEqual(
        Array(4).fill(true),
      );
      expect(counted).toEqual(['first', 'again', 'again', 'again']);
      for (const replica of [one, two, aReplica()]) {
        expect(await ask(replica, 'a', randomUUID())).toBe(false);
        expect(await ask(replica, 'a', requestId, 'other-edge')).toBe(false);
        expect(await use(replica, 'a')).toBe(false);
      }
    });

    it('races its first one: with one name all pass, with a name for each one does', async () => {
      for (let i = 0; i < 20; i++) {
        const replicas = [aReplica(), aReplica(), aReplica()];
        const same = await Promise.all([...replicas, ...replicas].map((replica) => ask(replica, `same-${i}`)));
        expect(same).toEqual(Array(6).fill(true));
        const others = await Promise.all(replicas.map((replica) => ask(replica, `others-${i}`, randomUUID())));
        expect(others.filter((isGood) => isGood)).toHaveLength(1);
      }
    });

    it('is one for five seconds by the clock of Redis, and never after a use without a name', async () => {
      await ask(aReplica(), 'a');
      const [key = ''] = await world.hand.keys('*');
      const held = (await world.hand.get(key)) ?? '';
      expect(held).toMatch(/^[A-Za-z0-9_-]{22}:\d{13}$/);
      const usedAgo = (ms: number) =>
        world.hand.set(key, `${held.slice(0, 22)}:${Number(held.slice(23)) - ms}`, 'KEEPTTL');
      await usedAgo(4_000);
      expect(await ask(aReplica(), 'a')).toBe(true);
      await usedAgo(5_001);
      expect(await ask(aReplica(), 'a')).toBe(false);
      await use(aReplica(), 'b');
      expect(await ask(aReplica(), 'b')).toBe(false);
    });

    it('that Redis has refused is not taken for the same one when Redis has forgotten, nor what this process knows to be used', async () => {
      const [one, two] = [aReplica(), aReplica()];
      const another = randomUUID();
      await ask(one, 'a');
      expect(await ask(two, 'a', another)).toBe(false);
      await world.hand.flushall();
      expect(await ask(two, 'a', another)).toBe(false);
      await world.hand.flushall();
      expect([await ask(one, 'a', another), await ask(one, 'a')]).toEqual([false, false]);
    });
  });

  it('while Redis is away, from here on, the replica decides alone, or nobody does, as the profile says', async () => {
    await world.server.kill();
    const [one, other] = [aReplica(), aReplica()];
    expect([await use(one, 'b'), await use(one, 'b'), await use(other, 'b')]).toEqual([true, false, true]);
    expect(counted).toEqual(['unshared', 'repeated', 'unshared']);
    await expect(use(other, 'c', { onUnknown: 'refuse' })).rejects.toMatchObject({ status: 503 });
    const named = { jkt, jti: 'd', untilMs, requestId: randomUUID() };
    expect([await one.use(named, terms, 'edge'), await one.use(named, terms, 'edge')]).toEqual([true, true]);
    expect(await one.use({ ...named, requestId: randomUUID() }, terms, 'edge')).toBe(false);
  });

  /** What the process holds, without what it no longer needs. */
  function heapBytes(): number {
    collectGarbage();
    return process.memoryUsage().heapUsed;
  }

  async function usedBytes(): Promise<number> {
    return Number(/used_memory:(\d+)/.exec(await world.hand.info('memory'))?.[1]);
  }
});
