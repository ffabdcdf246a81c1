import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../fakes/eventually.js';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { RedisServer } from '../redis/redis-server.js';
import { AssayProcess } from './support/assay-process.js';
import { configurationOf, introspect, issuerSection } from './support/configuration.js';
import { documentedUser } from './support/documented-user.js';

const passwords = ['first-password-Vw8Kt2Zx', 'second-password-Jq4Nc7Rb', 'third-password-Xm9Hd5Lp'] as const;

describe('a Redis password that changes', () => {
  it('is presented on open connections and on new ones, without a start and without a word about failure', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'assay-redis-password-'));
    const file = join(folder, 'password');
    await writeFile(file, passwords[0]);
    const redis = await RedisServer.start([documentedUser(passwords[0]), 'acllog-max-len 128']);
    const issuer = await FakeIssuer.start();
    const assay = await AssayProcess.start((ports) => ({
      ...configurationOf(ports, [issuerSection('corp', issuer)]),
      redis: {
        url: `redis://assay@127.0.0.1:${redis.port}`,
        passwordFile: file,
        recordKeys: [{ id: 'k1', secret: 'record-key-for-the-password-test-5Vd8' }],
      },
    }));
    const admin = redis.client();
    const changeTo = async (password: string): Promise<void> => {
      await admin.call('ACL', 'SETUSER', 'assay', 'resetpass', `>${password}`);
      await admin.call('CONFIG', 'RESETSTAT');
      await writeFile(file, password);
    };
    const statistics = async () => admin.info('commandstats');
    expect(await introspect(assay, await issuer.sign())).toMatchObject({ body: { active: true } });
    await eventually(async () => (await admin.keys('assay:*:rec')).length === 1);

    await changeTo(passwords[1]);
    // The connection for commands and the subscription, which stay as they are.
    await eventually(async () => /cmdstat_auth:calls=2,.*failed_calls=0/.test(await statistics()));
    expect(await statistics()).not.toContain('cmdstat_hello');

    await changeTo(passwords[2]);
    expect(await admin.call('CLIENT', 'KILL', 'USER', 'assay')).toBeGreaterThanOrEqual(2);
    await eventually(async () => /cmdstat_hello:calls=[2-9],.*failed_calls=0/.test(await statistics()));
    await admin.del(...(await admin.keys('assay:*:rec')));
    await issuer.addKey();
    expect(await introspect(assay, await issuer.sign())).toMatchObject({ body: { active: true } });
    await eventually(async () => (await admin.keys('assay:*:rec')).length === 1);

    await assay.stop();
    expect(await admin.call('ACL', 'LOG')).toEqual([]);
    expect(assay.output).not.toContain('take effect with the next start');
    for (const password of passwords) expect(assay.output).not.toContain(password);
    admin.disconnect();
    await issuer.stop();
    await redis.stop();
    await rm(folder, { recursive: true });
  });
});
