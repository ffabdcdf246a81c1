import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KeyRecordDraft } from '../../src/keys/record/merge-key-sets.js';
import { redisKeyNames } from '../../src/keys/store/redis-key-names.js';
import { RedisUnavailable } from '../../src/redis/redis-link.js';
import { draftAt, type StoreProbe } from '../conformance/key-store-probe.js';
import { testRecordKey, testNames } from './a-redis-key-store.js';
import { RedisWorld } from './redis-world.js';

const { record } = redisKeyNames(testNames, 's');
const other = redisKeyNames(testNames, 't').record;

describe('bytes written into Redis by hand', () => {
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

  /** What an attacker can do who writes and does not know the key: whatever it is, a fetch replaces it. */
  async function isHealed(reason: string): Promise<void> {
    expect(await probe.store.load('s')).toBeUndefined();
    expect(world.events.refusals).toEqual([reason]);
    await world.time.advance(6_000);
    const fresh = world.replica();
    const { fence } = await fresh.committed('s', 'healed');
    expect((await world.replica().store.load('s'))?.record).toMatchObject({ fence, keys: [{ thumbprint: 'healed' }] });
  }

  describe('that are no record', () => {
    const writes: readonly (readonly [string, string, () => Promise<unknown>])[] = [
      ['a text', 'wrong_type', () => world.hand.set(record, 'garbage')],
      ['a list', 'wrong_type', () => world.hand.rpush(record, 'f', 'va')],
      ['a set', 'wrong_type', () => world.hand.sadd(record, 'f')],
      ['a sorted set', 'wrong_type', () => world.hand.zadd(record, 1, 'f')],
      ['a stream', 'wrong_type', () => world.hand.xadd(record, '*', 'f', '1')],
      ['a hash of something else', 'incomplete', () => world.hand.hset(record, 'session', 'x')],
      ['a record without a seal', 'incomplete', () => world.hand.hset(record, foreign({}))],
      ['a record with an empty seal', 'unknown_key', () => world.hand.hset(record, foreign({ kv: '', mac: '' }))],
      ['a seal of an unknown key', 'unknown_key', () => world.hand.hset(record, foreign({ kv: 'k9', mac: 'x' }))],
      ['a foreign key set', 'forged', () => world.hand.hset(record, foreign({ kv: 'k1', mac: 'A'.repeat(43) }))],
      ['512 MiB of text', 'wrong_type', () => world.hand.setrange(record, 512 * 1024 ** 2 - 1, 'x')],
      [
        'a document of 1,400 KiB',
        'too_large',
        () => world.hand.hset(record, foreign({ doc: 'x'.repeat(1_400 * 1024) })),
      ],
      [
        'a seal of 1,400 KiB',
        'too_large',
        () => world.hand.hset(record, foreign({ kv: 'k1', mac: 'x'.repeat(1_400 * 1024) })),
      ],
    ];

    it.each(writes)('G-01 G-04 %s is refused as %s, and replaced', async (_what, reason, write) => {
      await write();
      await isHealed(reason);
    });

    it.each([
      ['a fence beyond all others', '9007199254740991'],
      ['a fence that is no number', 'nan'],
      ['an infinite fence', 'inf'],
      ['a fence of 1,400 KiB', '1'.repeat(1_400 * 1024)],
      ['a negative fence', '-5'],
    ])('%s stops nobody from fetching', async (_what, f) => {
      await world.hand.hset(record, foreign({ f, kv: 'k1', mac: 'x' }));
      await probe.committed('s', 'healed');

      expect((await probe.store.load('s'))?.record.keys[0]?.thumbprint).toBe('healed');
    });

    it('is never written by us: what nobody could read again is not stored', async () => {
      const { fence, baseFence } = await probe.granted('s');
      const jwks = [{ kty: 'EC', x: 'x'.repeat(1_280 * 1024) }];
      const key = { ...draftAt(world.time.ms).keys[0]!, jwks };
      const draft = { ...draftAt(world.time.ms), keys: [key] };
      const committed = probe.store.commit('s', { fence, baseFence, draft, hardTtlMs: 14_400_000 });
      await expect(committed).rejects.toThrow(RedisUnavailable);

      expect(world.events.refusals).toEqual(['too_large']);
      expect(await world.hand.exists(record)).toBe(0);
    });

    it('never crosses the wire when it is too large', async () => {
      await world.hand.hset(record, foreign({ kv: 'k1', mac: 'x', doc: 'x'.repeat(64 * 1024 ** 2) }));
      const sentBefore = await bytesSent(world.hand);
      await probe.store.load('s');

      expect((await bytesSent(world.hand)) - sentBefore).toBeLessThan(64 * 1024);
    });
  });

  describe('over a good record', () => {
    const draft = (): KeyRecordDraft => ({
      ...draftAt(world.time.ms),
      tombstones: [{ thumbprint: 'gone', removedAtMs: world.time.ms - 5 }],
      emptyEvidence: { sinceMs: world.time.ms - 9, latestMs: world.time.ms - 1, fetches: 2 },
      validators: { url: 'https://issuer.example/jwks', etag: '"x"', lastModified: 'y' },
    });

    async function commitWhole(): Promise<void> {
      const { fence, baseFence } = await probe.granted('s');
      expect(await probe.store.commit('s', { fence, baseFence, draft: draft(), hardTtlMs: 14_400_000 })).toBe('OK');
    }

    it('I13 ignores any flipped bit of any field', async () => {
      await commitWhole();
      const good = await world.hand.hgetallBuffer(record);
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...Object.keys(good)),
          fc.nat(),
          fc.nat({ max: 7 }),
          async (field, at, bit) => {
            const bytes = Buffer.from(good[field]!);
            const index = at % bytes.length;
            bytes[index]! ^= 1 << bit;
            await world.hand.hset(record, field, bytes);
            expect(await world.replica().store.load('s')).toBeUndefined();
            await world.hand.hset(record, field, good[field]!);
          },
        ),
        { numRuns: 1_000 },
      );
      expect((await world.replica().store.load('s'))?.record).toMatchObject(draft());
    });

    it('G-04 ignores a record that was cut anywhere, or lost any field', async () => {
      await commitWhole();
      const good = await world.hand.hgetallBuffer(record);
      for (const [field, bytes] of Object.entries(good)) {
        for (const length of [0, 1, bytes.length >> 1, bytes.length - 1].filter((each) => each < bytes.length)) {
          await world.hand.hset(record, field, bytes.subarray(0, length));
          expect(await world.replica().store.load('s')).toBeUndefined();
        }
        await world.hand.hdel(record, field);
        expect(await world.replica().store.load('s')).toBeUndefined();
        await world.hand.hset(record, field, bytes);
      }
    });

    it('I13 ignores a record that was moved to another source', async () => {
      await commitWhole();
      await world.hand.copy(record, other);

      expect(await probe.store.load('t')).toBeUndefined();
      expect(world.events.refusals).toEqual(['forged']);
      expect(world.events.all.at(-1)).toMatchObject({ issuerId: 'id of t' });
    });

    it('ignores a record of another environment, although it has the same keys', async () => {
      await world.replica([testRecordKey], 'https://assay.staging.example').committed('s');

      expect(await probe.store.load('s')).toBeUndefined();
      expect(world.events.refusals).toEqual(['forged']);
    });

    it('G-03 a replayed old record is genuine, and as old as it is', async () => {
      const first = await probe.committed('s', 'withdrawn');
      const old = await world.hand.hgetallBuffer(record);
      await world.time.advance(300_000);
      await probe.committed('s', 'current', 'refresh', first.fence);
      await world.hand.del(record);
      await world.hand.hset(record, old);

      const loaded = await world.replica().store.load('s');
      expect(loaded?.record.fence).toBe(first.fence);
      expect(loaded!.storeNowMs - loaded!.record.validatedAtMs).toBe(300_000);
    });

    it('raises the alarm once for each refused record, and again for the next', async () => {
      await commitWhole();
      await world.hand.hset(record, 'mac', 'x');
      for (let i = 0; i < 5; i++) await probe.store.load('s');
      expect(world.events.refusals).toEqual(['forged']);
      await world.hand.hset(record, 'kv', 'k9');
      await probe.store.load('s');

      expect(world.events.refusals).toEqual(['forged', 'unknown_key']);
    });

    it('keeps nobody from fetching when it claims to be newer, or fresh forever', async () => {
      await commitWhole();
      const { fence } = (await probe.store.load('s'))!.record;
      await world.hand.hset(record, 'f', fence + 1_000, 'va', world.time.ms + 86_400_000);
      await world.time.advance(300_000);
      await probe.committed('s', 'healed', 'refresh', fence);

      expect((await world.replica().store.load('s'))?.record.keys[0]?.thumbprint).toBe('healed');
    });
  });

  function foreign(differences: Record<string, string>): Record<string, string> {
    const doc = JSON.stringify({ refreshAfterMs: 1, keys: [{ thumbprint: 'mallory' }], tombstones: [] });
    return { f: String(world.time.ms + 5), va: String(world.time.ms), doc, ...differences };
  }
});

async function bytesSent(client: Redis): Promise<number> {
  return Number(/total_net_output_bytes:(\d+)/.exec(await client.info('stats'))?.[1]);
}
