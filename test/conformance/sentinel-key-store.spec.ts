import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Redis } from 'ioredis';
import { redisClient } from '../../src/redis/redis-client.js';
import type { RedisLink } from '../../src/redis/redis-link.js';
import { aRedisKeyStore, connectedLink, StoreTime } from '../redis/a-redis-key-store.js';
import { SentinelGroup } from '../redis/sentinel-group.js';
import { keyStoreConformance } from './key-store.js';
import { StoreProbe } from './key-store-probe.js';

describe('RedisKeyStore behind Sentinels', () => {
  let group: SentinelGroup;
  let link: RedisLink;

  beforeAll(async () => {
    group = await SentinelGroup.start();
    link = await connectedLink(group.location);
  }, 60_000);

  afterAll(async () => {
    await link.close();
    await group.stop();
  });

  const fresh = async () => {
    await link.client.flushall();
    const time = new StoreTime();
    return { store: aRedisKeyStore(link, { nowMs: time.now }), advance: time.advance };
  };

  describe('before a failover', () => {
    keyStoreConformance(fresh);
  });

  it('carries records, fences and fetches that are under way over a failover', async () => {
    const probe = new StoreProbe(await fresh());
    const before = await probe.committed('s', 'a');
    await probe.advance(300_000);
    const underWay = await probe.granted('s', 'refresh', before.fence);
    // In short turns: a connection on which nothing comes for two seconds is given up.
    await vi.waitFor(async () => {
      expect(await link.client.wait(1, 500)).toBe(1);
    }, 10_000);
    await group.failOver();

    const loaded = await vi.waitFor(() => probe.store.load('s'), { timeout: 20_000, interval: 100 });
    expect(loaded?.record.fence).toBe(before.fence);
    expect(await probe.wish('s', 'refresh', before.fence)).toMatchObject({ verdict: 'BUSY' });
    expect(await probe.commit('s', underWay, 'b')).toBe('OK');
    await probe.advance(300_000);
    expect((await probe.granted('s', 'refresh', underWay.fence)).fence).toBeGreaterThan(underWay.fence);
  }, 60_000);

  it('comes back when it learns of a failover while it is on its way to the primary (redis/ioredis#1683)', async () => {
    const client = redisClient(group.location, 'test') as Redis;
    client.on('error', () => undefined);
    const connecting = client.connect();
    // What the detector of failovers does when a Sentinel reports one.
    (client as unknown as { readonly connector: { disconnect(): void } }).connector.disconnect();
    await expect(connecting).rejects.toThrow('Connection is closed');
    await vi.waitFor(
      () => {
        expect(client.status).toBe('ready');
      },
      { timeout: 20_000, interval: 50 },
    );
    expect(await client.ping()).toBe('PONG');
    client.disconnect();
  }, 60_000);

  describe('after it', () => {
    keyStoreConformance(fresh);
  });
});
