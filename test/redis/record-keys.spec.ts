import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { redisKeyNames } from '../../src/keys/store/redis-key-names.js';
import type { FetchPermit } from '../../src/keys/store/key-store.js';
import { timing, type StoreProbe } from '../conformance/key-store-probe.js';
import { testRecordKey, testNames } from './a-redis-key-store.js';
import { RedisWorld } from './redis-world.js';
import { RecordRefused } from '../../src/keys/store/redis-key-store.js';

const { record } = redisKeyNames(testNames, 's');
const younger = { id: 'k2', secret: 'a-younger-record-key-9876543210-abcdef' };

describe('rotation of record keys', () => {
  let world: RedisWorld;

  beforeAll(async () => {
    world = await RedisWorld.start();
  });

  afterAll(() => world.stop());

  beforeEach(async () => {
    await world.reset();
  });

  const withKeys = (...keys: readonly (typeof younger)[]): StoreProbe => world.replica(keys);

  it('believes old and new keys while both are configured, and seals with the newest', async () => {
    await withKeys(testRecordKey).committed('s', 'a');
    const both = withKeys(younger, testRecordKey);
    const loaded = await both.store.load('s');
    expect(loaded?.record.keys[0]?.thumbprint).toBe('a');
    await world.time.advance(300_000);
    await both.committed('s', 'b', 'refresh', loaded!.record.fence);

    expect(await world.hand.hget(record, 'kv')).toBe('k2');
    expect((await withKeys(younger).store.load('s'))?.record.keys[0]?.thumbprint).toBe('b');
  });

  it('does not believe a key that is gone, nor another under its name', async () => {
    await withKeys(testRecordKey).committed('s');

    expect(await withKeys(younger).store.load('s')).toBeUndefined();
    expect(await withKeys({ ...younger, id: testRecordKey.id }).store.load('s')).toBeUndefined();
    expect(world.events.refusals).toEqual(['unknown_key', 'forged']);
  });

  it('writes nothing over what others keep fresh', async () => {
    await withKeys(testRecordKey).committed('s', 'a');
    const other = withKeys(younger);
    await other.store.load('s');

    const push = { kind: 'push', validatedAtMs: world.time.ms + 1_000 } as const;
    expect(await other.store.acquire('s', push)).toEqual({ verdict: 'OLDER' });
    expect(await world.hand.hget(record, 'kv')).toBe('k1');
  });

  it('replaces what it cannot read by a fetch that is due, and says once that it could not', async () => {
    const first = await withKeys(testRecordKey).committed('s', 'a');
    const other = withKeys(younger);
    for (let i = 0; i < 3; i++) await other.store.load('s');
    await world.time.advance(300_000);
    await other.committed('s', 'b', 'refresh', first.fence);

    expect(await world.hand.hget(record, 'kv')).toBe('k2');
    expect(world.events.refusals).toEqual(['unknown_key']);
  });
});

describe('a replica that cannot read what others have stored', () => {
  let world: RedisWorld;
  let others: StoreProbe;
  let replica: StoreProbe;
  let known: FetchPermit;

  beforeAll(async () => {
    world = await RedisWorld.start();
  });

  afterAll(() => world.stop());

  beforeEach(async () => {
    await world.reset();
    [others, replica] = [world.replica(), world.replica([younger])];
    known = await others.committed('s');
    expect(await replica.store.load('s')).toBeUndefined();
    await world.time.advance(timing.minSpacingMs);
  });

  it('asks for the shared budget first, and spends it', async () => {
    expect(await replica.wish('s', 'miss')).toMatchObject({ verdict: 'GRANT' });
    expect(await others.wish('s', 'miss', known.fence)).toMatchObject({ verdict: 'BUSY' });
  });

  it('decides alone where it would wait for a fetch of others', async () => {
    await others.granted('s', 'miss', known.fence);

    await expect(replica.wish('s', 'miss')).rejects.toBeInstanceOf(RecordRefused);
  });

  it('decides alone where others have spent the budget for unknown keys', async () => {
    for (let i = 0; i < timing.missBurst; i++) {
      known = await others.committed('s', 'a', 'miss', known.fence);
      await replica.store.load('s');
      await world.time.advance(timing.minSpacingMs);
    }
    expect(await others.wish('s', 'miss', known.fence)).toMatchObject({ verdict: 'LIMITED' });

    await expect(replica.wish('s', 'miss')).rejects.toBeInstanceOf(RecordRefused);
  });

  it('leaves the issuer alone as all others do: after a fetch, and while it fails', async () => {
    const failed = await others.granted('s', 'miss', known.fence);
    await others.store.fail('s', { fence: failed.fence, timing, retryAfterMs: 60_000 });

    expect(await replica.wish('s', 'refresh')).toMatchObject({ verdict: 'BACKOFF', retryInMs: 60_000 });
    expect(await replica.wish('s', 'miss')).toMatchObject({ verdict: 'BACKOFF', retryInMs: 60_000 });
    await world.time.advance(60_000);
    known = await others.committed('s', 'b', 'miss', known.fence);
    await replica.store.load('s');
    expect(await replica.wish('s', 'miss')).toMatchObject({ verdict: 'SPACED', retryInMs: timing.minSpacingMs });
  });

  it('decides with all others again when the record is gone', async () => {
    await world.hand.del(record);
    expect(await replica.store.load('s')).toBeUndefined();
    await others.granted('s', 'miss');

    expect(await replica.wish('s', 'miss')).toMatchObject({ verdict: 'BUSY' });
  });
});
