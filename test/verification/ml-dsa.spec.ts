import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AdminService, FakeIssuer, quickIssuer } from '../admin/support/admin-world.js';
import type { Section } from '../e2e/support/configuration.js';
import { hang } from '../fakes/misbehaviours.js';
import { testRecordKey } from '../redis/a-redis-key-store.js';
import { RedisServer } from '../redis/redis-server.js';

describe.each(['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'])('an issuer that signs by %s (RFC 9964)', (alg) => {
  let issuer: FakeIssuer;
  let redis: RedisServer;
  let shared: Section;
  const replicas: AdminService[] = [];

  beforeAll(async () => {
    issuer = await FakeIssuer.start({ alg });
    redis = await RedisServer.start();
    shared = { redis: { url: redis.url, recordKeys: [testRecordKey] } };
  });

  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.stop()));
    await redis.stop();
    await issuer.stop();
  });

  const start = async (algorithms: readonly string[]): Promise<AdminService> => {
    const replica = await AdminService.start([{ ...quickIssuer(issuer), algorithms }], shared);
    replicas.push(replica);
    return replica;
  };

  it('has good tokens where the registration lists it, signed by the library of others', async () => {
    const replica = await start([alg]);
    expect(await replica.isActive(await issuer.sign())).toBe(true);
    const [header, payload, signature = ''] = (await issuer.sign()).split('.');
    const other = signature.startsWith('A') ? 'B' : 'A';
    expect(await replica.isActive(`${header}.${payload}.${other}${signature.slice(1)}`)).toBe(false);
  });

  it('has good tokens at a replica that adopted the key and never reached the issuer', async () => {
    issuer.behaveForKeys(hang);
    const fetches = issuer.requests.length;
    const replica = await start([alg]);
    expect(await replica.isActive(await issuer.sign())).toBe(true);
    expect(issuer.requests.slice(fetches)).not.toContain('GET /jwks');
  });
});
