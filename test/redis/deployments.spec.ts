import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { redisClient } from '../../src/redis/redis-client.js';
import type { RedisLink } from '../../src/redis/redis-link.js';
import { aCertificate } from '../builders/a-certificate.js';
import { keyStoreConformance } from '../conformance/key-store.js';
import { StoreProbe } from '../conformance/key-store-probe.js';
import { aRedisKeyStore, connectedLink, StoreTime } from './a-redis-key-store.js';
import { freePort } from '../fakes/free-port.js';
import { RedisServer } from './redis-server.js';

/** All that the store needs, on its own keys and channels. What the fleet needs besides is another matter. */
const commands =
  '-@all +eval +evalsha +time +type +hget +hmget +hstrlen +hset +hdel +unlink +pexpire +publish ' +
  '+ping +info +quit +client|setname';

describe('a user that may do only what the store does', () => {
  let server: RedisServer;
  let link: RedisLink;

  beforeAll(async () => {
    server = await RedisServer.start([`user assay on >s3cret ~assay:* &assay:* ${commands}`]);
    link = await connectedLink({ url: `redis://assay:s3cret@127.0.0.1:${server.port}` });
  });

  afterAll(async () => {
    await link.close();
    await server.stop();
  });

  keyStoreConformance(async () => {
    const admin = server.client();
    await admin.flushall();
    admin.disconnect();
    const time = new StoreTime();
    return { store: aRedisKeyStore(link, { nowMs: time.now }), advance: time.advance };
  });

  it('sees nothing else', async () => {
    await expect(link.client.eval("return redis.call('HGET', KEYS[1], 'f')", 1, 'orders')).rejects.toThrow(
      /permission/i,
    );
    await expect(link.client.get('assay:x')).rejects.toThrow(/NOPERM/);
  });
});

describe('Redis over TLS', () => {
  let server: RedisServer;
  let folder: string;
  let ca: string;
  let port: number;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assay-redis-tls-'));
    const authority = await aCertificate({ isAuthority: true, subject: [{ CN: ['authority'] }] });
    const { pem, keyPem } = await aCertificate({ authority, dns: ['localhost'] });
    ca = authority.pem;
    const file = (name: string): string => join(folder, name);
    await Promise.all([writeFile(file('crt'), pem), writeFile(file('key'), keyPem), writeFile(file('ca'), ca)]);
    port = await freePort();
    const files = [`tls-cert-file ${file('crt')}`, `tls-key-file ${file('key')}`, `tls-ca-cert-file ${file('ca')}`];
    server = await RedisServer.start([`tls-port ${port}`, 'tls-auth-clients no', ...files]);
  });

  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('works with the authorities of the configuration', async () => {
    const link = await connectedLink({ url: `rediss://localhost:${port}`, ca });
    const time = new StoreTime();
    await new StoreProbe({ store: aRedisKeyStore(link, { nowMs: time.now }), advance: time.advance }).committed('s');
    await link.close();
  });

  it.each([
    ['an authority that nobody trusts', () => ({ url: `rediss://localhost:${port}` })],
    ['a name that is not in the certificate', () => ({ url: `rediss://127.0.0.1:${port}`, ca })],
  ])('does not connect to %s', async (_what, location) => {
    const client = redisClient(location(), 'test');
    const failed = new Promise<Error>((resolve) => client.once('error', resolve));
    await expect(client.connect()).rejects.toThrow();
    client.disconnect();

    expect((await failed).message).toMatch(/certificate|altnames/i);
  });
});

describe('a read replica in the region', () => {
  let primary: RedisServer;
  let replica: RedisServer;
  const links: RedisLink[] = [];

  beforeAll(async () => {
    primary = await RedisServer.start(['repl-diskless-sync-delay 0']);
    replica = await RedisServer.start([`replicaof 127.0.0.1 ${primary.port}`]);
    const hand = primary.client();
    await hand.set('first', '');
    await vi.waitFor(async () => {
      expect(await hand.wait(1, 100)).toBe(1);
    }, 20_000);
    hand.disconnect();
  });

  afterEach(async () => {
    await Promise.all(links.splice(0).map((link) => link.close()));
  });

  afterAll(async () => {
    await Promise.all([primary.stop(), replica.stop()]);
  });

  async function regional(): Promise<StoreProbe> {
    links.push(await connectedLink({ url: primary.url }), await connectedLink({ url: replica.url }));
    const [decides, near] = links as [RedisLink, RedisLink];
    const time = new StoreTime();
    const store = aRedisKeyStore(decides, { reader: near, nowMs: time.now });
    return new StoreProbe({ store, advance: time.advance });
  }

  it('answers loads, while the primary decides', async () => {
    const probe = await regional();
    const { fence } = await probe.committed('near');
    const hand = primary.client();
    await hand.wait(1, 5_000);
    const before = await evalsOf(replica);
    const loaded = await probe.store.load('near');
    hand.disconnect();

    expect(loaded?.record.fence).toBe(fence);
    expect(await evalsOf(replica)).toBe(before + 1);
  });

  it('does not answer for a record that it does not have yet', async () => {
    const probe = await regional();
    const hand = replica.client();
    await hand.replicaof('NO', 'ONE');
    const { fence } = await probe.committed('late');
    const lagging = await probe.store.load('late');
    const known = await probe.store.load('late', fence);
    await hand.replicaof('127.0.0.1', primary.port);
    hand.disconnect();

    expect(lagging).toBeUndefined();
    expect(known?.record.fence).toBe(fence);
  });
});

async function evalsOf(server: RedisServer): Promise<number> {
  const client = server.client();
  const stats = await client.info('commandstats');
  client.disconnect();
  const calls = [...stats.matchAll(/cmdstat_eval(?:sha)?:calls=(\d+).*?rejected_calls=\d+,failed_calls=(\d+)/g)];
  return calls.reduce((sum, [, all, failed]) => sum + Number(all) - Number(failed), 0);
}
