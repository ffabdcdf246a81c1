import { afterAll, beforeAll, describe } from 'vitest';
import type { RedisLink } from '../../src/redis/redis-link.js';
import { aRedisKeyStore, connectedLink, StoreTime } from '../redis/a-redis-key-store.js';
import { RedisServer } from '../redis/redis-server.js';
import { keyStoreConformance } from './key-store.js';

describe('RedisKeyStore on a single server', () => {
  let server: RedisServer;
  let link: RedisLink;

  beforeAll(async () => {
    server = await RedisServer.start();
    link = await connectedLink({ url: server.url });
  });

  afterAll(async () => {
    await link.close();
    await server.stop();
  });

  keyStoreConformance(async () => {
    await link.client.flushall();
    const time = new StoreTime();
    return { store: aRedisKeyStore(link, { nowMs: time.now }), advance: time.advance };
  });
});
