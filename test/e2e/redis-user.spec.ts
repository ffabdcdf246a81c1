import { describe, expect, it } from 'vitest';
import { eventually } from '../fakes/eventually.js';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { RedisServer } from '../redis/redis-server.js';
import { AssayProcess } from './support/assay-process.js';
import { configurationOf, introspect, issuerSection } from './support/configuration.js';
import { documentedUser } from './support/documented-user.js';

describe('the Redis user of the runbook', () => {
  it('may do all that the program does', async () => {
    const password = 'redis-password-Vw8Kt2Zx';
    const redis = await RedisServer.start([documentedUser(password), 'acllog-max-len 128']);
    const issuer = await FakeIssuer.start();
    const operator = 'operator-token-Rb5Lc9Hq2Xt7Yn4M';
    const assay = await AssayProcess.start((ports) => ({
      ...configurationOf(ports, [issuerSection('corp', issuer)]),
      redis: {
        url: `redis://assay:${password}@127.0.0.1:${redis.port}`,
        recordKeys: [{ id: 'k1', secret: 'record-key-for-the-user-test-5Vd8Jw2' }],
      },
      admin: { tokens: [{ id: 'ops', secret: operator, role: 'operator' }] },
    }));
    const admin = redis.client();

    expect(await introspect(assay, await issuer.sign())).toMatchObject({ body: { active: true } });
    await eventually(async () => (await admin.keys('assay:*:rec')).length === 1);
    const denial = await fetch(`${assay.managementUrl}/admin/v1/issuers/corp/keys/${'A'.repeat(43)}/deny`, {
      method: 'POST',
      headers: { authorization: `Bearer ${operator}`, 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'a test' }),
    });
    expect(denial.status).toBeLessThan(300);
    // What is done least often has been done twice: by then all else has.
    const heartbeats = new Set<string>();
    await eventually(async () => {
      const [members] = await admin.keys('assay:*:members:*');
      const [, seenMs] = members === undefined ? [] : await admin.zrange(members, '0', '-1', 'WITHSCORES');
      if (seenMs !== undefined) heartbeats.add(seenMs);
      return heartbeats.size > 1;
    });
    await assay.stop();

    expect(await admin.call('ACL', 'LOG')).toEqual([]);
    admin.disconnect();
    await issuer.stop();
    await redis.stop();
  });
});
