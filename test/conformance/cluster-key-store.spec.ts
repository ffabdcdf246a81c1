import { Cluster } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redisKeyNames } from '../../src/keys/store/redis-key-names.js';
import type { RedisLink } from '../../src/redis/redis-link.js';
import { aRedisKeyStore, connectedLink, StoreTime, testNames } from '../redis/a-redis-key-store.js';
import { RedisCluster } from '../redis/redis-cluster.js';
import { keyStoreConformance } from './key-store.js';
import { StoreProbe } from './key-store-probe.js';

describe('RedisKeyStore on a cluster', () => {
  let cluster: RedisCluster;
  let link: RedisLink;

  beforeAll(async () => {
    cluster = await RedisCluster.start();
    link = await connectedLink(cluster.location);
  }, 60_000);

  afterAll(async () => {
    await link.close();
    await cluster.stop();
  });

  const masters = () => (link.client as Cluster).nodes('master');
  const fresh = async () => {
    await Promise.all(masters().map((master) => master.flushall()));
    const time = new StoreTime();
    return { store: aRedisKeyStore(link, { nowMs: time.now }), advance: time.advance };
  };

  keyStoreConformance(fresh);

  it('spreads sources over the masters, each with its budget beside its record', async () => {
    const probe = new StoreProbe(await fresh());
    for (let i = 0; i < 30; i++) await probe.committed(`source ${i}`);

    const counts = await Promise.all(masters().map((master) => master.dbsize()));
    expect(counts).toHaveLength(3);
    for (const count of counts) {
      expect(count).toBeGreaterThan(0);
      expect(count % 2).toBe(0);
    }
  });

  it('G-04 MOVED: follows a source to another master', async () => {
    const probe = new StoreProbe(await fresh());
    const { fence } = await probe.committed('s');
    await cluster.move(redisKeyNames(testNames, 's').record);

    expect((await probe.store.load('s'))?.record.fence).toBe(fence);
    await probe.advance(300_000);
    await probe.committed('s', 'b', 'refresh', fence);
  });
});
