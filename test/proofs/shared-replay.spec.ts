import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ProofReplay, type UseOutcome } from '../../src/proofs/proof-replay.js';
import type { DpopTerms } from '../../src/proofs/proof-terms.js';
import { RedisProofUses } from '../../src/proofs/redis-proof-uses.js';
import { RedisNames } from '../../src/redis/redis-names.js';
import { aKey, thumbprintOf } from '../builders/a-key.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { RedisWorld } from '../redis/redis-world.js';

const jkt = thumbprintOf(aKey().jwk);
const terms: DpopTerms = {
  algorithms: new Set(['ES256']),
  maxAgeSeconds: 60,
  replay: 'shared',
  onUnknown: 'accept',
  nonce: 'off',
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
    const before = await usedBytes();
    for (let round = 0; round < 100; round++) {
      const uses = await Promise.all(Array.from({ length: 1_000 }, () => use(replica, randomUUID())));
      expect(uses).not.toContain(false);
    }
    expect([replica.size, await world.hand.dbsize()]).toEqual([100_000, 100_000]);
    expect((await usedBytes()) - before).toBeLessThan(20_000_000);
    const names = await world.hand.keys('*');
    const lives = await Promise.all(names.slice(0, 100).map((name) => world.hand.pttl(name)));
    expect(Math.max(...lives)).toBeLessThanOrEqual(90_000);
    await clock.advance(120_000);
    expect(replica.size).toBe(0);
    clock.stepWall(-120_000);
  }, 60_000);

  it('while Redis is away, from here on, the replica decides alone, or nobody does, as the profile says', async () => {
    await world.server.kill();
    const [one, other] = [aReplica(), aReplica()];
    expect([await use(one, 'b'), await use(one, 'b'), await use(other, 'b')]).toEqual([true, false, true]);
    expect(counted).toEqual(['unshared', 'repeated', 'unshared']);
    await expect(use(other, 'c', { onUnknown: 'refuse' })).rejects.toMatchObject({ status: 503 });
  });

  async function usedBytes(): Promise<number> {
    return Number(/used_memory:(\d+)/.exec(await world.hand.info('memory'))?.[1]);
  }
});
