import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../fakes/eventually.js';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { RedisServer } from '../redis/redis-server.js';
import { AssayProcess } from './support/assay-process.js';
import { audience, callerSection, issuerSection, ordersApi } from './support/configuration.js';
import { leaksIn, secretsOf } from './support/leaks.js';

const subject = 'subject-canary-4Zq8';
const wrongSecret = 'wrong-secret-canary-Hn3vKp';
const recordKey = 'record-key-canary-8Jd2VwQz5Rn7Lc4Hs9Xt3Bm6';
const environmentSecret = 'environment-secret-canary-Tt6yBm';

/** Everything that a test run can make Assay say, searched for what it was told. */
describe('the program repeats nothing that it was told (INV-01, I-10, H-12, H-13)', () => {
  let issuer: FakeIssuer;
  let redis: RedisServer;
  let assay: AssayProcess;
  const planted = [subject, wrongSecret, environmentSecret, ordersApi.secret, recordKey];
  const said: string[] = [];

  beforeAll(async () => {
    [issuer, redis] = await Promise.all([FakeIssuer.start(), RedisServer.start()]);
    assay = await AssayProcess.start(
      (ports) => ({
        server: {
          http: { host: '127.0.0.1', port: ports.http },
          grpc: { host: '127.0.0.1', port: ports.grpc },
          management: { host: '127.0.0.1', port: ports.management },
        },
        redis: { url: redis.url, recordKeys: [{ id: 'k1', secret: recordKey }] },
        telemetry: { logs: { level: 'debug' } },
        issuers: [issuerSection('corp', issuer)],
        callers: [callerSection(ordersApi.id, ordersApi.secret), callerSection('other', '${env:OTHER_SECRET}')],
      }),
      { env: { OTHER_SECRET: environmentSecret } },
    );
  });

  afterAll(async () => {
    await assay.stop();
    await Promise.all([issuer.stop(), redis.stop()]);
  });

  async function say(path: string, init: RequestInit): Promise<void> {
    const response = await fetch(assay.publicUrl + path, init);
    said.push([...response.headers].join('\n'), await response.text());
  }

  const basic = (id: string, secret: string) => ({
    authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
  });

  it('whatever is asked, in whatever way', async () => {
    const good = await issuer.sign({ sub: subject, jti: 'jti-canary' });
    const expired = await issuer.sign({ sub: subject, exp: 1 });
    const foreign = await issuer.sign({ sub: subject, iss: 'https://unknown.example' });
    const lost = await issuer.sign({ sub: subject, aud: audience }, undefined, { kid: 'kid-canary' });
    planted.push(...[good, expired, foreign, lost].flatMap((token) => token.split('.')));
    const form = (token: string, more = '') => ({
      method: 'POST',
      headers: { ...basic(ordersApi.id, ordersApi.secret), 'content-type': 'application/x-www-form-urlencoded' },
      body: `token=${token}${more}`,
    });

    for (const token of [expired, foreign, lost, `${good}x`, `Bearer ${good}`, `${good}&token=${good}`]) {
      await say('/introspect', form(token));
    }
    await say('/introspect', { ...form(good), headers: { 'content-type': 'application/json' } });
    await say('/introspect', { ...form(good), headers: basic(ordersApi.id, wrongSecret) });
    await say('/introspect', { ...form(good), headers: basic(wrongSecret, wrongSecret) });
    await say('/introspect', { ...form(good), headers: { authorization: `Bearer ${good}` } });
    await say('/introspect', form(good, `&client_secret=${wrongSecret}`));
    await say(`/introspect?token=${good}&client_secret=${wrongSecret}`, form(good));
    await say(`/introspect?token=${good}`, { method: 'GET' });
    await say(`/${good}`, {
      method: 'GET',
      headers: { referer: `https://a.example/?token=${good}`, 'user-agent': good },
    });
    issuer.behaveForKeys((_request, response) => response.writeHead(500).end());
    await say('/introspect', form(await issuer.sign({ sub: subject }, undefined, { kid: 'other-kid' })));

    expect(leaksIn(said.join('\n'), planted)).toEqual([]);
    expect(said.filter((text) => text.includes('"active":true'))).toEqual([]);
  });

  it('in the probes and the metrics', async () => {
    for (const path of ['/livez', '/readyz', '/startupz', '/metrics', '/nothing']) {
      const response = await fetch(assay.managementUrl + path);
      expect(leaksIn(await response.text(), planted)).toEqual([]);
    }
  });

  it('in anything that it keeps in Redis', async () => {
    const client = redis.client();
    const names = await client.keys('*');
    const kept = await Promise.all(
      names.map(async (name) => {
        switch (await client.type(name)) {
          case 'hash':
            return JSON.stringify(await client.hgetall(name));
          case 'zset':
            return JSON.stringify(await client.zrange(name, '0', '-1'));
          default:
            return (await client.get(name)) ?? '';
        }
      }),
    );
    client.disconnect();

    expect(names.length).toBeGreaterThan(4);
    expect(leaksIn([...names, ...kept].join('\n'), planted)).toEqual([]);
  });

  it('in a complaint about a configuration that holds it', async () => {
    const file = join(assay.directory, 'assay.yaml');
    const planned = { callers: [{ id: 7, secrets: [wrongSecret], secret: wrongSecret, issuers: wrongSecret }] };
    await writeFile(file, JSON.stringify(planned));
    await eventually(() => assay.output.includes('configuration'));
    expect(secretsOf(planned)).toContain(wrongSecret);
  });

  it('in anything that it logged meanwhile, at the most talkative level', async () => {
    expect(assay.log.length).toBeGreaterThan(10);
    expect(leaksIn(assay.output, planted)).toEqual([]);
  });

  it('and would be found out if it did', () => {
    expect(leaksIn(`{"msg":"${subject}"}`, planted)).toHaveLength(1);
    expect(leaksIn('Authorization: Bearer eyJhbGciOiJub25lIn0', [])).toHaveLength(1);
  });
});
