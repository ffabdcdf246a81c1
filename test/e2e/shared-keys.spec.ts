import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../fakes/eventually.js';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { freePort } from '../fakes/free-port.js';
import { RedisServer } from '../redis/redis-server.js';
import { AssayProcess, type Ports } from './support/assay-process.js';
import { configurationOf, introspect, issuerSection, probe } from './support/configuration.js';

const secret = 'f1c0ffee5ca1ab1e0ddba11ca55e77e5';

describe('replicas that share their keys', () => {
  let issuer: FakeIssuer;
  let redis: RedisServer;
  const replicas: AssayProcess[] = [];

  beforeEach(async () => {
    [issuer, redis] = await Promise.all([FakeIssuer.start(), RedisServer.start()]);
  });

  afterEach(async () => {
    for (const replica of replicas.splice(0)) expect(await replica.stop()).toBe(0);
    await Promise.all([issuer.stop(), redis.stop()]);
  });

  async function start(url = redis.url): Promise<AssayProcess> {
    const issuers = [issuerSection('corp', issuer, { criticality: 'critical' })];
    const replica = await AssayProcess.start((ports: Ports) => ({
      ...configurationOf(ports, issuers, { grpc: { enabled: false } }),
      redis: { url, recordKeys: [{ id: 'k1', secret }] },
    }));
    replicas.push(replica);
    return replica;
  }

  it('ask the issuer once for all of them', async () => {
    const first = await start();
    expect(await introspect(first, await issuer.sign())).toMatchObject({ body: { active: true } });
    const second = await start();
    const third = await start();
    for (const replica of [second, third]) {
      expect(await introspect(replica, await issuer.sign())).toMatchObject({ body: { active: true } });
    }

    expect(issuer.keySetRequests).toBe(1);
  });

  it('start warm while the issuer is down', async () => {
    const token = await issuer.sign();
    const first = await start();
    await eventually(async () => (await probe(first, '/readyz')) === 200);
    await issuer.stop();
    const second = await start();

    expect(await introspect(second, token)).toMatchObject({ status: 200, body: { active: true } });
  });

  it('do not wait for a Redis that is not there, neither to start nor to end', async () => {
    const alone = await start(`redis://127.0.0.1:${await freePort()}`);
    expect(await probe(alone, '/livez')).toBe(200);
    const askedMs = Date.now();
    expect(await alone.stop()).toBe(0);

    expect(Date.now() - askedMs).toBeLessThan(12_000);
  });

  it('are not led astray by a record that somebody else wrote', async () => {
    const hand = redis.client();
    const first = await start();
    await eventually(async () => (await probe(first, '/readyz')) === 200);
    const [record] = await hand.keys('assay:*:rec');
    await hand.hset(record!, 'doc', '{"refreshAfterMs":1,"keys":[],"tombstones":[]}', 'f', String(Date.now() + 1_000));
    hand.disconnect();
    const second = await start();

    const token = await issuer.sign();
    // A cold replica looks for itself, within the issuer's budget; until then it does not know.
    await eventually(async () => {
      const { status, body } = await introspect(second, token);
      expect(body['active']).not.toBe(false);
      return status === 200;
    });
    expect(second.output).toContain('"reason":"forged"');
  });
});
