import { Cluster } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { watchConnectionErrors } from '../../src/redis/connection-errors.js';
import { redisClient, redisSubscriber } from '../../src/redis/redis-client.js';
import { authenticateAgain } from '../../src/redis/redis-credentials.js';
import { failureOf, type RedisFailure } from '../../src/redis/redis-failure.js';
import type { RedisClient } from '../../src/redis/redis-link.js';
import type { RedisLocation } from '../../src/redis/redis-location.js';
import { SystemClock } from '../../src/shared/clock.js';
import { RentedRedis } from './rented-redis.js';

const waiting = { timeout: 20_000, interval: 20 };

describe.each([
  ['one server', () => RentedRedis.standalone()],
  ['Sentinel', () => RentedRedis.sentinel()],
  ['a cluster', () => RentedRedis.cluster()],
])('%s with TLS, client certificates and a user', (topology, start) => {
  let redis: RentedRedis;
  const clients: RedisClient[] = [];

  beforeAll(async () => {
    redis = await start();
  });

  afterEach(() => {
    for (const client of clients.splice(0)) client.disconnect();
  });

  afterAll(async () => {
    await redis.stop();
  });

  function opened(client: RedisClient): RedisClient {
    clients.push(client);
    client.on('error', () => undefined);
    client.connect().catch(() => undefined);
    return client;
  }

  const answers = (client: RedisClient) =>
    vi.waitFor(async () => {
      await client.set(`{assay}:${topology}`, 'x');
    }, waiting);

  /** Opens a connection that cannot come about. @returns the reasons, until there is one that says something */
  async function reasonsAt(location: RedisLocation): Promise<ReadonlySet<RedisFailure>> {
    const reasons = new Set<RedisFailure>();
    const client = redisClient(location, 'test');
    watchConnectionErrors(client, location, new SystemClock(), (error) => reasons.add(failureOf(error)));
    opened(client);
    await vi.waitFor(() => {
      expect([...reasons].some((reason) => reason !== 'closed')).toBe(true);
    }, waiting);
    reasons.delete('closed');
    return reasons;
  }

  it('lets us in with a certificate and a password', async () => {
    await answers(opened(redisClient(redis.location, 'test')));
  });

  it.each<[RedisFailure, () => RedisLocation]>([
    ['password', () => redis.with({ password: 'wrong' })],
    ['certificate_untrusted', () => redis.with({ ca: redis.files.file('client.crt') })],
    ['client_certificate', () => without(redis.location, 'clientCert', 'clientKey')],
  ])('says that it is for %s that it does not', async (reason, location) => {
    expect([...(await reasonsAt(location()))]).toEqual([reason]);
  });

  it('comes back with the new password when the old one is gone and its connections are closed', async () => {
    const client = opened(redisClient(redis.location, 'test'));
    await answers(client);

    await redis.changePassword('second-password');
    expect(await redis.closeConnections()).toBeGreaterThan(0);

    await answers(client);
  });

  it('hears what is published again after the password has changed', async () => {
    const client = opened(redisSubscriber(redis.location, 'test'));
    const heard: string[] = [];
    client.on('message', (_channel: string, message: string) => heard.push(message));
    client.on('ready', () => void client.subscribe('assay:test').catch(() => undefined));
    const publishes = (message: string) =>
      vi.waitFor(async () => {
        await redis.ask('PUBLISH', 'assay:test', message);
        expect(heard).toContain(message);
      }, waiting);
    await publishes('before');

    await redis.changePassword('third-password');
    await redis.closeConnections();

    await publishes('after');
  });

  it('presents a new password on connections that are open', async () => {
    const client = opened(redisClient(redis.location, 'test'));
    await answers(client);
    const node = client instanceof Cluster ? client.nodes('master').find(({ status }) => status === 'ready')! : client;
    const before = await node.client('ID');

    await redis.changePassword('fourth-password');
    await redis.ask('CONFIG', 'RESETSTAT');
    await authenticateAgain(client);

    expect(await node.client('ID')).toBe(before);
    const stats = (await redis.ask('INFO', 'commandstats')).join();
    expect(stats).toMatch(/cmdstat_auth:calls=[1-9]\d*,.*failed_calls=0/);
    await redis.files.write('password', 'never-was-one');
    await expect(authenticateAgain(client)).rejects.toThrow(/WRONGPASS/);
    await answers(client);
    await redis.changePassword('fourth-password');
  });

  it('presents a new client certificate when the authority of the old one is not trusted any more', async () => {
    const client = opened(redisClient(redis.location, 'test'));
    await answers(client);

    await redis.ask('CONFIG', 'SET', 'tls-ca-cert-file', redis.files.path('next-ca'));
    await redis.files.issueClient('nextAuthority');
    await redis.closeConnections();

    await answers(client);
    await redis.ask('CONFIG', 'SET', 'tls-ca-cert-file', redis.files.path('both-ca'));
    await redis.files.issueClient();
  });
});

describe('Sentinels with a password', () => {
  let redis: RentedRedis;

  beforeAll(async () => {
    redis = await RentedRedis.sentinel();
  });

  afterAll(async () => {
    await redis.stop();
  });

  it('are asked with the password that is in the file when the primary has to be found again', async () => {
    const client = redisClient(redis.location, 'test');
    client.on('error', () => undefined);
    await client.connect();

    await redis.changeSentinelPassword('second-of-sentinel');
    await redis.closeConnections();

    await vi.waitFor(() => client.set('assay:test', 'x'), waiting);
    client.disconnect();
  });

  it('say that it is the password when it is theirs that is wrong', async () => {
    const location = redis.with({ sentinelPassword: 'wrong' });
    const client = redisClient(location, 'test');
    const reasons: RedisFailure[] = [];
    watchConnectionErrors(client, location, new SystemClock(), (error) => reasons.push(failureOf(error)));
    client.connect().catch(() => undefined);

    await vi.waitFor(() => {
      expect(reasons).toContain('password');
    }, waiting);
    client.disconnect();
  });
});

function without(location: RedisLocation, ...names: readonly (keyof RedisLocation)[]): RedisLocation {
  return Object.fromEntries(Object.entries(location).filter(([name]) => !names.includes(name as keyof RedisLocation)));
}
