import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KeyStore } from '../../src/keys/store/key-store.js';
import { redisKeyNames } from '../../src/keys/store/redis-key-names.js';
import { redisClient } from '../../src/redis/redis-client.js';
import { RedisLink, RedisUnavailable } from '../../src/redis/redis-link.js';
import { SystemClock } from '../../src/shared/clock.js';
import { draftAt, StoreProbe, timing } from '../conformance/key-store-probe.js';
import { aRedisKeyStore, connectedLink, testNames } from './a-redis-key-store.js';
import { RedisServer } from './redis-server.js';

const fetchRequest = { kind: 'refresh', knownFence: 0, dueAfterMs: 0, timing } as const;

/** Each operation, as it is when it comes to it. */
const operations: readonly (readonly [string, (store: KeyStore) => Promise<unknown>])[] = [
  ['load', (store) => store.load('s')],
  ['acquire', (store) => store.acquire('s', fetchRequest)],
  ['commit', (store) => store.commit('s', { fence: 1, baseFence: 0, draft: draftAt(0), hardTtlMs: 1 })],
  ['fail', (store) => store.fail('s', { fence: 1, timing })],
];

describe('G-04 what Redis does not do', () => {
  let server: RedisServer;
  let link: RedisLink;
  let store: KeyStore;

  beforeAll(async () => {
    server = await RedisServer.start();
  });

  beforeEach(async () => {
    link = await connectedLink({ url: server.url });
    store = aRedisKeyStore(link);
  });

  afterEach(() => link.close());

  afterAll(() => server.stop());

  it('goes on while memory is full: a script first removes what it replaces', async () => {
    await link.client.call('CONFIG', 'SET', 'maxmemory', '1');
    const probe = new StoreProbe({ store, advance: () => Promise.resolve() });
    const { fence } = await probe.committed('full').finally(() => link.client.call('CONFIG', 'SET', 'maxmemory', '0'));

    expect((await store.load('full'))?.record.fence).toBe(fence);
  });

  it('says so where the server has become a replica, and does not hold it against the connection', async () => {
    const hand = server.client();
    await hand.call('REPLICAOF', '127.0.0.1', '1');
    const asked = await store.acquire('demoted', fetchRequest).catch((error: unknown) => error);
    await hand.call('REPLICAOF', 'NO', 'ONE');
    hand.disconnect();

    expect(asked).toBeInstanceOf(RedisUnavailable);
    expect(link.breakerState).toBe('closed');
  });

  it('runs its scripts on a server that has never seen them', async () => {
    const probe = new StoreProbe({ store, advance: () => Promise.resolve() });
    const { fence } = await probe.committed('unseen');
    await link.client.script('FLUSH');

    expect((await store.load('unseen'))?.record.fence).toBe(fence);
  });

  it('D6 lets a record live from its evidence on, and the budget for a week', async () => {
    const grant = await store.acquire('aged', fetchRequest);
    if (grant.verdict !== 'GRANT') throw new Error('no grant');
    const threeHoursAgo = grant.atMs - 3 * 3_600_000;
    const request = { fence: grant.fence, baseFence: 0, draft: draftAt(threeHoursAgo), hardTtlMs: 4 * 3_600_000 };
    expect(await store.commit('aged', request)).toBe('OK');

    const { record, budget } = redisKeyNames(testNames, 'aged');
    const leftMs = await link.client.pttl(record);
    expect(leftMs).toBeGreaterThan(3_500_000);
    expect(leftMs).toBeLessThanOrEqual(3_600_000);
    expect(await link.client.pttl(budget)).toBeGreaterThan(6 * 24 * 3_600_000);
  });

  it('takes the time of Redis for what it grants', async () => {
    const [seconds] = await link.client.time();
    const grant = await store.acquire('timed', fetchRequest);

    expect(grant).toMatchObject({ verdict: 'GRANT' });
    expect(Math.abs((grant as { atMs: number }).atMs - Number(seconds) * 1_000)).toBeLessThan(5_000);
  });
});

describe('G-04 a Redis that is away', () => {
  let server: RedisServer;
  let link: RedisLink;

  beforeEach(async () => {
    server = await RedisServer.start();
    const client = redisClient({ url: server.url }, 'test');
    client.on('error', () => undefined);
    await client.connect();
    link = new RedisLink(client, new SystemClock());
  });

  afterEach(async () => {
    await link.close();
    await server.stop();
  });

  it.each(operations)(
    '%s is given up at once where nothing listens, and works again afterwards',
    async (_name, ask) => {
      const store = aRedisKeyStore(link);
      await server.kill();
      await vi.waitFor(() => {
        expect(link.client.status).not.toBe('ready');
      });
      await expect(ask(store)).rejects.toThrow(RedisUnavailable);
      await server.restart();

      await vi.waitFor(() => ask(store), { timeout: 15_000, interval: 100 });
    },
  );

  it.each(operations)('%s is given up where nothing answers, which would be for ever', async (_name, ask) => {
    const store = aRedisKeyStore(link);
    server.pause();
    const startedMs = performance.now();
    await expect(ask(store)).rejects.toThrow(RedisUnavailable);
    const tookMs = performance.now() - startedMs;
    server.resume();

    expect(tookMs).toBeGreaterThan(80);
    expect(tookMs).toBeLessThan(5_000);
  });

  it('costs nothing any more after three of them', async () => {
    const store = aRedisKeyStore(link);
    server.pause();
    for (let i = 0; i < 3; i++) await expect(store.load('s')).rejects.toThrow(RedisUnavailable);
    const startedMs = performance.now();
    for (let i = 0; i < 100; i++) await expect(store.load('s')).rejects.toThrow(RedisUnavailable);
    const tookMs = performance.now() - startedMs;
    server.resume();

    expect(link.breakerState).not.toBe('closed');
    // A hundred that wait take eight seconds and more.
    expect(tookMs).toBeLessThan(4_000);
  });
});
