import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { identityLookalikes } from '../../src/gateway/identity-headers.js';
import { KeysUnavailable } from '../../src/keys/key-resolver.js';
import { Reception } from '../endpoints/reception.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';
import { claimsIn, identityNames } from './support/authorize.js';
import { Nginx } from './support/nginx.js';
import { recipe, recipes } from './support/recipe.js';
import { Upstream } from './support/upstream.js';
import { AUDIENCE } from '../vectors/world.js';

let isDown = false;
let reception: Reception;
let endpoint: HttpEndpoint;
let upstream: Upstream;
let nginx: Nginx;
let token: string;
let weak: string;

/** The recipe with the addresses of this test, in an nginx that keeps what it drops by default: the recipe must suffice. */
function site(): string {
  return `underscores_in_headers on; ${recipe('nginx.md', 'nginx')}`
    .replaceAll('127.0.0.1:8080', `127.0.0.1:${endpoint.port}`)
    .replaceAll('127.0.0.1:3000', `127.0.0.1:${upstream.port}`)
    .replaceAll('127.0.0.1:8000', 'unix:site.sock');
}

beforeAll(async () => {
  reception = await Reception.open({
    keys: (held) => ({
      known: (issuer, header) => (isDown ? undefined : held.known(issuer, header)),
      holds: () => false,
      find: (issuer, header) => (isDown ? Promise.reject(new KeysUnavailable('main', 7)) : held.find(issuer, header)),
    }),
  });
  token = reception.context.good.with({ scope: 'orders:read' }).build();
  weak = reception.context.good.with({ scope: 'profile' }).build();
  endpoint = await HttpEndpoint.before(reception, { trustedProxies: ['127.0.0.1/32'] });
  upstream = await Upstream.start();
  nginx = await Nginx.start(site());
});

afterAll(async () => {
  await nginx.stop();
  await upstream.close();
  await endpoint.close();
});

beforeEach(() => {
  upstream.requests = 0;
  upstream.seen = [];
  isDown = false;
});

const bearer = (value: string) => ({ Authorization: `Bearer ${value}` });

describe('R-NGX-01 nginx, as the recipe says', () => {
  it('lets a good token pass; the upstream knows whose it is, and never sees the token', async () => {
    const answer = await nginx.ask({ headers: bearer(token) });
    expect([answer.status, answer.body]).toEqual([200, 'the upstream']);
    expect(Object.fromEntries(upstream.seen)).toMatchObject({
      'x-auth-issuer': 'https://login.corp.example',
      'x-auth-subject': 'alice',
      'x-auth-client-id': 'shop',
      'x-auth-scope': 'orders:read',
      'x-auth-audience': AUDIENCE,
      'x-auth-expires': expect.stringMatching(/^\d{10}$/) as string,
    });
    expect(claimsIn(upstream.valuesOf('x-auth-claims')[0])).toMatchObject({ active: true, sub: 'alice' });
    expect(upstream.valuesOf('authorization')).toEqual([]);
    expect(JSON.stringify(answer.headers)).not.toContain('x-auth-');
  });

  it('lets the longest token pass that Assay takes', async () => {
    const long = (pad: number) => reception.context.good.with({ scope: 'orders:read', pad: 'x'.repeat(pad) }).build();
    const longest = long(Math.floor(((16_384 - long(0).length) * 3) / 4) - 1);
    expect(longest.length).toBeGreaterThan(16_380);
    expect((await nginx.ask({ headers: bearer(longest) })).status).toBe(200);
    expect(claimsIn(upstream.valuesOf('x-auth-claims')[0])).toMatchObject({ sub: 'alice' });
  });

  it.each([
    ['no token', {}, 'Bearer realm="assay", scope="orders:read"'],
    ['a bad token', bearer('opaque'), 'Bearer realm="assay", error="invalid_token"'],
    ['another scheme', { Authorization: 'Basic b3JkZXJzOng=' }, 'Bearer realm="assay", scope="orders:read"'],
  ])('denies %s with 401 and the challenge', async (_name, headers, challenge) => {
    const answer = await nginx.ask({ headers });
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, challenge]);
    expect(upstream.requests).toBe(0);
  });

  it('denies a token without the scope with 403 and the challenge', async () => {
    const answer = await nginx.ask({ headers: bearer(weak) });
    expect(answer.status).toBe(403);
    expect(answer.headers['www-authenticate']).toBe(
      'Bearer realm="assay", error="insufficient_scope", scope="orders:read"',
    );
    expect(upstream.requests).toBe(0);
  });

  it('lets a CORS preflight pass where the profile allows it, and nothing else without a token', async () => {
    const method = recipes('nginx.md', 'nginx')[1]!;
    const forBrowsers = site()
      .replace('caller=orders-edge', 'caller=edge-cors')
      .replace('internal;', `internal; ${method}`);
    const browsers = await Nginx.start(forBrowsers);
    const headers = {
      Origin: 'https://shop.example',
      'Access-Control-Request-Method': 'PUT',
      'X-Auth-Subject': 'root',
    };
    expect((await browsers.ask({ method: 'OPTIONS', headers })).body).toBe('the upstream');
    expect(upstream.valuesOf('x-auth-subject')).toEqual([]);
    expect((await browsers.ask({ method: 'GET', headers })).status).toBe(401);
    const claimed = { ...headers, 'X-HTTP-Method-Override': 'DELETE' };
    expect((await browsers.ask({ method: 'OPTIONS', headers: claimed })).status).toBe(401);
    expect((await browsers.ask({ method: 'POST', headers: bearer(token), body: 'a=b' })).status).toBe(200);
    await browsers.stop();
    expect((await nginx.ask({ method: 'OPTIONS', headers })).status).toBe(401);
  });

  it('K-03 denies several credentials', async () => {
    const headers = { Authorization: [`Bearer ${token}`, 'Bearer opaque'] };
    expect((await nginx.ask({ headers })).status).not.toBe(200);
    expect((await nginx.ask({ headers: { Authorization: `Bearer ${token}, Bearer opaque` } })).status).toBe(401);
    expect(upstream.requests).toBe(0);
  });

  it('K-05 X17 lets nothing pass while we cannot answer', async () => {
    isDown = true;
    const answer = await nginx.ask({ headers: bearer(token) });
    expect([answer.status, upstream.requests]).toEqual([500, 0]);
  });

  it.each(['x-auth-subject', 'X-AUTH-SUBJECT', 'X_Auth_Subject', 'x_auth-subject', 'X-Auth_Subject'])(
    'K-01 CVE-2025-64484 the upstream never sees %s of a client',
    async (name) => {
      await nginx.ask({ headers: { ...bearer(token), [name]: ['admin', 'root'] } });
      expect(upstream.valuesOf('x-auth-subject')).toEqual(['alice']);
    },
  );

  it('CVE-2025-64484 nor in any other spelling that it may take for ours', async () => {
    const bare = reception.context.good.with({ sub: undefined, client_id: undefined, scope: 'orders:read' }).build();
    const spoofed = Object.fromEntries(identityLookalikes.map((name) => [name, 'spoofed']));
    await nginx.ask({ headers: { ...bearer(bare), ...spoofed, X_Other: 'comes through' } });
    expect(upstream.valuesOf('x-other')).toEqual(['comes through']);
    expect(JSON.stringify(upstream.seen)).not.toContain('spoofed');
  });

  it('K-01 nor any other of them, even where we have nothing to say', async () => {
    const bare = reception.context.good.with({ sub: undefined, client_id: undefined, scope: 'orders:read' }).build();
    const spoofed = Object.fromEntries(identityNames.map((name) => [name, 'spoofed']));
    await nginx.ask({ headers: { ...bearer(bare), ...spoofed } });
    expect(upstream.requests).toBe(1);
    expect(JSON.stringify(upstream.seen)).not.toContain('spoofed');
    expect(upstream.valuesOf('x-auth-subject')).toEqual([]);
  });

  it.each([
    '/?caller=edge-idle',
    '/?scope=',
    '/x?caller=orders&scope=admin#y',
    '//_authorize',
    '/a/../_authorize?scope=x',
  ])('K-02 K-08 nothing in the target changes the question: %s', async (path) => {
    const headers = { 'X-Original-URI': '/public', 'X-Forwarded-Uri': '/public', 'X-Original-Method': 'OPTIONS' };
    expect((await nginx.ask({ path, headers })).status).not.toBe(200);
    expect((await nginx.ask({ path, headers: bearer(weak) })).status).not.toBe(200);
    expect(upstream.requests).toBe(0);
  });

  it('the way to us is closed to clients', async () => {
    expect((await nginx.ask({ path: '/_authorize', headers: bearer(token) })).status).toBe(404);
  });

  it.each([
    ['HEAD', undefined, {}],
    ['POST', '{"a":1}', { 'Content-Type': 'application/json' }],
    ['POST', 'x'.repeat(200_000), { 'Content-Type': 'application/octet-stream' }],
    ['PUT', 'chunked', { 'Transfer-Encoding': 'chunked' }],
    ['DELETE', undefined, {}],
    ['OPTIONS', undefined, {}],
  ])('K-06 any method and body: %s', async (method, body, headers) => {
    const parts = { method, ...(body !== undefined && { body }) };
    expect((await nginx.ask({ ...parts, headers })).status).toBe(401);
    expect(upstream.requests).toBe(0);
    expect((await nginx.ask({ ...parts, headers: { ...headers, ...bearer(token) } })).status).toBe(200);
    expect(upstream.requests).toBe(1);
  });

  it('passes claims that are longer than the buffer that nginx has by default', async () => {
    const long = reception.context.good.with({ scope: 'orders:read', note: 'n'.repeat(3_000) }).build();
    await nginx.ask({ headers: bearer(long) });
    expect(upstream.valuesOf('x-auth-claims')[0]?.length).toBeGreaterThan(4_096);
  });
});
