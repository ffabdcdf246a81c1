import { calculateJwkThumbprint } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../fakes/eventually.js';
import { FakeIssuer, type FakeKey } from '../fakes/fake-issuer.js';
import { RedisServer } from '../redis/redis-server.js';
import { AssayProcess, type Ports } from './support/assay-process.js';
import { configurationOf, introspect, issuerSection, probe } from './support/configuration.js';
import { Traffic } from './support/traffic.js';
import { documentedUser } from './support/documented-user.js';
import { FormerProgram } from './support/former-program.js';

/** The version before; kept by `tools/keep-version.mjs`. */
const FORMER = '0.1.0-november';

const operator = 'operator-token-Rb5Lc9Hq2Xt7Yn4MWd8Kz3';
const redisPassword = 'redis-password-Vw8Kt2Zx';

/** How late a denial is known everywhere, and time for answers to come on a busy machine. */
const DENIED_WITHIN_MS = 15_000;

describe('the version before and this one on one Redis', () => {
  let issuer: FakeIssuer;
  let redis: RedisServer;
  let former: FormerProgram;
  let traffic: Traffic;
  const replicas = new Map<string, AssayProcess>();
  const startedMs = performance.now();
  let lasting: FakeKey;

  beforeAll(async () => {
    [issuer, redis, former] = await Promise.all([
      FakeIssuer.start(),
      RedisServer.start([documentedUser(redisPassword)]),
      FormerProgram.unpack(FORMER),
    ]);
    lasting = issuer.key;
    traffic = new Traffic(replicas, await issuer.sign({}, lasting));
  });

  afterAll(async () => {
    await traffic.stop();
    for (const replica of replicas.values()) await replica.stop();
    await former.remove();
    await Promise.all([issuer.stop(), redis.stop()]);
  });

  async function start(name: string, program?: string): Promise<void> {
    const replica = await AssayProcess.start(
      (ports: Ports) => ({
        ...configurationOf(ports, [issuerSection('corp', issuer, { criticality: 'critical' })], {
          grpc: { enabled: false },
        }),
        redis: {
          url: `redis://assay:${redisPassword}@127.0.0.1:${redis.port}`,
          recordKeys: [{ id: 'k1', secret: 'record-key-of-two-versions-5Vd8Jw2Qs9Lx4Tz' }],
        },
        admin: { tokens: [{ id: 'ops', secret: operator, role: 'operator' }] },
      }),
      program === undefined ? {} : { program },
    );
    await eventually(async () => (await probe(replica, '/readyz')) === 200);
    replicas.set(name, replica);
  }

  async function stop(name: string): Promise<void> {
    const replica = replicas.get(name)!;
    await traffic.leave(name);
    expect(await replica.stop()).toBe(0);
  }

  const verdicts = async (key: FakeKey): Promise<readonly unknown[]> => {
    const token = await issuer.sign({}, key);
    const answers = await Promise.all([...replicas.values()].map((replica) => introspect(replica, token)));
    return answers.map(({ status, body }) => (status === 200 ? body['active'] : status));
  };
  const isEverywhere = async (key: FakeKey, isActive: boolean): Promise<boolean> =>
    (await verdicts(key)).every((verdict) => verdict === isActive);

  async function deny(name: string, key: FakeKey): Promise<void> {
    const thumbprint = await calculateJwkThumbprint(key.publicJwk);
    const url = `${replicas.get(name)!.managementUrl}/admin/v1/issuers/corp/keys/${thumbprint}/deny`;
    const { status } = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${operator}`, 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'a test of two versions' }),
    });
    expect(status).toBeLessThan(300);
  }

  it('refuse no good token and revive no denied key, through a roll-out and back', async () => {
    await start('former 1', former.path);
    await start('former 2', former.path);
    traffic.start();
    const [first, second] = [await issuer.addKey(), await issuer.addKey()];
    await eventually(() => isEverywhere(second, true));

    await start('present 1');
    await eventually(() => isEverywhere(second, true));
    await deny('former 1', first);
    await eventually(() => isEverywhere(first, false), undefined, DENIED_WITHIN_MS);
    await deny('present 1', second);
    await eventually(() => isEverywhere(second, false), undefined, DENIED_WITHIN_MS);

    // A rotation while both run.
    const third = await issuer.addKey();
    await eventually(() => isEverywhere(third, true));

    await stop('former 1');
    await start('present 2');
    await stop('former 2');
    await start('present 3');
    expect(await verdicts(first)).toEqual([false, false, false]);
    expect(await verdicts(second)).toEqual([false, false, false]);
    expect(await verdicts(third)).toEqual([true, true, true]);

    // And back.
    await start('former 3', former.path);
    for (const name of ['present 1', 'present 2', 'present 3']) await stop(name);
    await start('former 4', former.path);
    expect(await verdicts(first)).toEqual([false, false]);
    expect(await verdicts(second)).toEqual([false, false]);
    expect(await isEverywhere(third, true)).toBe(true);
    await traffic.stop();

    expect(traffic.refusals).toEqual([]);
    expect(traffic.answers).toBeGreaterThan(50);
    const elapsedS = (performance.now() - startedMs) / 1_000;
    const oneBudget = 3 + elapsedS / 30 + elapsedS / 270 + 1 + 2 * 3;
    process.stdout.write(
      `two versions: ${traffic.answers} answers, ${issuer.keySetRequests} fetches (bound ${(2 * oneBudget).toFixed(0)})\n`,
    );
    expect(issuer.keySetRequests).toBeLessThanOrEqual(2 * oneBudget);
  }, 180_000);
});
