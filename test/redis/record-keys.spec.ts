import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { redisKeyNames } from '../../src/keys/store/redis-key-names.js';
import type { StoreProbe } from '../conformance/key-store-probe.js';
import { testRecordKey, testNames } from './a-redis-key-store.js';
import { RedisWorld } from './redis-world.js';
import { RecordRefused } from '../../src/keys/store/redis-key-store.js';
import { timingOf } from '../../src/keys/key-timing.js';
import { defaultFreshness } from '../../src/issuers/freshness.config.js';

const timing = timingOf(defaultFreshness);

const { record } = redisKeyNames(testNames, 's');

describe('rotation of record keys', () => {
  let world: RedisWorld;

  beforeAll(async () => {
    world = await RedisWorld.start();
  });

  afterAll(() => world.stop());

  beforeEach(async () => {
    await world.reset();
  });

  const younger = { id: 'k2', secret: 'a-younger-record-key-9876543210-abcdef' };
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

  it('writes nothing over what others keep fresh, and does not wait for what it cannot read', async () => {
    await withKeys(testRecordKey).committed('s', 'a');
    const other = withKeys(younger);
    await other.store.load('s');

    const push = { kind: 'push', validatedAtMs: world.time.ms + 1_000 } as const;
    expect(await other.store.acquire('s', push)).toEqual({ verdict: 'OLDER' });
    const soon = other.store.acquire('s', { kind: 'refresh', knownFence: 0, dueAfterMs: 0, timing });
    await expect(soon).rejects.toBeInstanceOf(RecordRefused);
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
