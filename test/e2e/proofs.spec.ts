import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import * as openid from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aCertificate, type TestCertificate } from '../builders/a-certificate.js';
import { freePort } from '../fakes/free-port.js';
import { Nginx, type NginxRequest } from '../gateway/support/nginx.js';
import { recipe } from '../gateway/support/recipe.js';
import { Upstream } from '../gateway/support/upstream.js';
import { RedisServer } from '../redis/redis-server.js';
import { AssayProcess, type Ports } from './support/assay-process.js';
import { OpenIdProvider, ordersApi, shop, till } from './support/openid-provider.js';
import { clientOf, orders, origin, ProvingClient, wanted } from './support/proving-client.js';

let provider: OpenIdProvider;
let redis: RedisServer;
let upstream: Upstream;
let nginx: Nginx;
let withNonces: Nginx;
let tlsPort: number;
const replicas: AssayProcess[] = [];

function configuration(ports: Ports): object {
  const rights = { issuers: ['provider'], audiences: [ordersApi], claims: ['scope', 'sub'] };
  const dpop = { replay: 'shared', onUnknown: 'refuse' };
  return {
    server: {
      identifier: 'https://assay.example.com',
      http: { host: '127.0.0.1', port: ports.http },
      grpc: { enabled: false },
      management: { host: '127.0.0.1', port: ports.management },
      trustedProxies: ['127.0.0.1/32'],
    },
    redis: { url: redis.url, recordKeys: [{ id: 'k1', secret: 'f1c0ffee5ca1ab1e0ddba11ca55e77e5' }] },
    issuers: [
      {
        id: 'provider',
        issuer: provider.issuer,
        keys: { discovery: 'oidc' },
        algorithms: ['RS256'],
        audiences: [ordersApi],
        tokenTypes: ['at+jwt'],
        network: { allowPrivate: true },
      },
    ],
    callers: [
      { id: 'orders-edge', proxy: true, ...rights, proofs: { origin, dpop, certificateFrom: 'escaped-pem' } },
      { id: 'orders-nonce', proxy: true, ...rights, proofs: { origin, dpop: { ...dpop, nonce: 'required' } } },
    ],
  };
}

/** The recipe, before two replicas that take turns; with TLS beside it, for clients with certificates. */
function site(caller: string, more = ''): string {
  return recipe('nginx.md', 'nginx')
    .replace('server 127.0.0.1:8080;', replicas.map(({ ports }) => `server 127.0.0.1:${ports.http};`).join(' '))
    .replaceAll('127.0.0.1:3000', `127.0.0.1:${upstream.port}`)
    .replace('listen 127.0.0.1:8000;', `listen unix:site.sock; ${more}`)
    .replace('caller=orders-edge', `caller=${caller}`);
}

beforeAll(async () => {
  [provider, redis, upstream] = await Promise.all([
    OpenIdProvider.start('first'),
    RedisServer.start(),
    Upstream.start(),
  ]);
  tlsPort = await freePort();
  replicas.push(...(await Promise.all([AssayProcess.start(configuration), AssayProcess.start(configuration)])));
  const { pem, keyPem } = await aCertificate({ ips: ['127.0.0.1'] });
  const files = [join(replicas[0]!.directory, 'edge.crt'), join(replicas[0]!.directory, 'edge.key')] as const;
  writeFileSync(files[0], pem);
  writeFileSync(files[1], keyPem);
  const withTls = [
    `listen 127.0.0.1:${tlsPort} ssl;`,
    `ssl_certificate ${files[0]}; ssl_certificate_key ${files[1]};`,
    'ssl_verify_client optional_no_ca;',
  ].join(' ');
  nginx = await Nginx.start(site('orders-edge', withTls));
  withNonces = await Nginx.start(site('orders-nonce'));
}, 60_000);

afterAll(async () => {
  await nginx.stop();
  await withNonces.stop();
  for (const replica of replicas) await replica.stop();
  await upstream.close();
  await redis.stop();
  await provider.stop();
});

const toNginx = () => ({ issuer: provider.issuer, send: (sent: NginxRequest) => nginx.ask(sent) });
const aClient = () => ProvingClient.start(shop, toNginx());

const algs = 'algs="[A-Za-z0-9 ]+"';
const dpop = (error: string) => new RegExp(`^DPoP ${algs}, error="${error}", Bearer realm="assay"$`);

async function refusal(request: NginxRequest): Promise<string> {
  const before = upstream.requests;
  const answer = await nginx.ask(request);
  expect([answer.status, upstream.requests]).toEqual([401, before]);
  return answer.headers['www-authenticate'] ?? '';
}

describe('a DPoP-bound token of a real provider, through nginx with the recipe and two replicas', () => {
  it('passes with the proofs that a real client library makes, and the upstream knows whose it is', async () => {
    const client = await aClient();
    expect(client.grant.token_type).toBe('dpop');
    for (let i = 0; i < 4; i++) {
      const answer = await client.ask();
      expect([answer.status, await answer.text()]).toEqual([200, 'the upstream']);
      expect(upstream.valuesOf('x-auth-subject')).toEqual(['shop']);
    }
  });

  it('is refused with a proof for another method, another URI, another token or by another key', async () => {
    const client = await aClient();
    const good = await client.prepare();
    expect(await refusal({ ...good, method: 'POST' })).toMatch(dpop('invalid_dpop_proof'));
    expect(await refusal({ ...good, path: '/orders/1' })).toMatch(dpop('invalid_dpop_proof'));
    const { headers: others } = await (await aClient()).prepare();
    const mixed = { ...good.headers, dpop: others!['dpop']! };
    expect(await refusal({ ...good, headers: mixed })).toMatch(dpop('invalid_dpop_proof'));
    const stranger = client.handle(await openid.randomDPoPKeyPair('ES256'));
    expect(await refusal(await client.prepare('GET', orders, stranger))).toMatch(dpop('invalid_token'));
    expect((await nginx.ask(good)).status).toBe(200);
  });

  it('is judged by what nginx says of the request, whatever the client says of it', async () => {
    const said = (method: string, uri: string) => ({
      'X-Forwarded-Method': method,
      'X-Forwarded-Uri': uri,
      'X-Original-Method': method,
      'X-Original-URI': uri,
    });
    const client = await aClient();
    const good = await client.prepare();
    expect((await nginx.ask({ ...good, headers: { ...good.headers, ...said('DELETE', '/x') } })).status).toBe(200);
    const other = await client.prepare('DELETE', new URL(`${origin}/x`));
    const forged = { ...good, headers: { ...other.headers, ...said('DELETE', '/x') } };
    expect(await refusal(forged)).toMatch(dpop('invalid_dpop_proof'));
  });

  it('is refused with a proof that was used: one after the other, and two at once at two replicas', async () => {
    const client = await aClient();
    const once = await client.prepare();
    expect((await nginx.ask(once)).status).toBe(200);
    expect([await refusal(once), await refusal(once)]).toEqual(
      Array(2).fill(expect.stringMatching(dpop('invalid_dpop_proof'))),
    );
    for (let i = 0; i < 10; i++) {
      const request = await client.prepare();
      const answers = await Promise.all([nginx.ask(request), nginx.ask(request)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    }
    for (const replica of replicas) expect(replica.output).toContain('"rejection":"proof_replayed"');
  });

  it.each([
    ['old', -66],
    ['future', 8],
  ])('is refused with a proof from a clock that is wrong: %s', async (_name, skewSeconds) => {
    const client = await aClient();
    const skewed = await client.prepare('GET', orders, await client.skewed(skewSeconds));
    expect(await refusal(skewed)).toMatch(dpop('invalid_dpop_proof'));
  });

  it('is refused as a bearer token, and without a proof', async () => {
    const { access_token: token } = (await aClient()).grant;
    const bearer = await refusal({ headers: { Authorization: `Bearer ${token}` } });
    expect(bearer).toMatch(new RegExp(`^Bearer realm="assay", error="invalid_token", DPoP ${algs}$`));
    expect(await refusal({ headers: { Authorization: `DPoP ${token}` } })).toMatch(dpop('invalid_token'));
  });

  it('is asked for a nonce, which the library takes from the answer, and which every replica knows', async () => {
    const statuses: number[] = [];
    const client = await clientOf(shop, {
      issuer: provider.issuer,
      send: async (asked) => {
        const answer = await withNonces.ask(asked);
        statuses.push(answer.status);
        return answer;
      },
    });
    const DPoP = openid.getDPoPHandle(client, await openid.randomDPoPKeyPair('ES256'));
    const { access_token: token } = await openid.clientCredentialsGrant(client, wanted, { DPoP });
    for (let i = 0; i < 4; i++) {
      await openid.fetchProtectedResource(client, token, orders, 'GET', undefined, undefined, { DPoP });
    }
    expect(statuses).toEqual([401, 200, 200, 200, 200]);
  });
});

describe('a certificate-bound token of a real provider, through nginx with the recipe', () => {
  /** @param own the certificate with which the client connects */
  async function ask(token: string, own?: TestCertificate, headers: Readonly<Record<string, string>> = {}) {
    const shown = own && { cert: own.pem, key: own.keyPem };
    const sent = httpsRequest({
      host: '127.0.0.1',
      port: tlsPort,
      path: '/orders',
      // The certificate of nginx is a trial's; what the test is about is that of the client.
      rejectUnauthorized: false,
      agent: false,
      headers: { Authorization: `Bearer ${token}`, ...headers },
      ...shown,
    });
    sent.end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    answer.resume();
    return [answer.statusCode, answer.headers['www-authenticate']?.split(', DPoP')[0]];
  }

  it('passes with the certificate, and with no other one, none, or one that the client only names', async () => {
    const certificate = await aCertificate({ subject: [{ CN: ['till'] }] });
    const client = await clientOf(till, { ...toNginx(), certificate });
    const grant = await openid.clientCredentialsGrant(client, wanted);
    const refused = [401, 'Bearer realm="assay", error="invalid_token"'];
    expect(await ask(grant.access_token, certificate)).toEqual([200, undefined]);
    expect(await ask(grant.access_token, await aCertificate({ subject: [{ CN: ['till'] }] }))).toEqual(refused);
    expect(await ask(grant.access_token)).toEqual(refused);
    const named = {
      'SSL-Client-Cert': encodeURIComponent(certificate.pem),
      SSL_Client_Cert: encodeURIComponent(certificate.pem),
    };
    expect(await ask(grant.access_token, undefined, named)).toEqual(refused);
  });
});

describe('while Redis is away', () => {
  it('no proof passes where the profile says so, and an ordinary token does', async () => {
    const client = await aClient();
    const bearer = await openid.clientCredentialsGrant(await clientOf(shop, toNginx()), wanted);
    await redis.kill();
    // nginx makes 500 of our 503.
    expect((await nginx.ask(await client.prepare())).status).toBe(500);
    const headers = { Authorization: `Bearer ${bearer.access_token}` };
    expect((await nginx.ask({ headers })).status).toBe(200);
  });
});
