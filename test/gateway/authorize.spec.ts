import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeysUnavailable } from '../../src/keys/key-resolver.js';
import { RESOURCE_METADATA } from '../endpoints/reception.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';
import { bytesOf, header } from '../transport/http/support/raw-http.js';
import { AUDIENCE } from '../vectors/world.js';
import { authorize, claimsIn, identityNames, identityOf } from './support/authorize.js';

let endpoint: HttpEndpoint;
let token: string;

beforeAll(async () => {
  endpoint = await HttpEndpoint.open({ trustedProxies: ['127.0.0.1/32'] });
  token = endpoint.context.good.with({ scope: 'orders:read orders:write' }).build();
});

afterAll(() => endpoint.close());

describe('/authorize', () => {
  it('lets a good token pass, and says whose it is', async () => {
    const answer = await authorize(endpoint, { token });
    expect([answer.status, answer.body]).toEqual([200, '']);
    const { 'x-auth-claims': claims, ...identity } = identityOf(answer);
    expect(identity).toEqual({
      'x-auth-issuer': 'https://login.corp.example',
      'x-auth-subject': 'alice',
      'x-auth-client-id': 'shop',
      'x-auth-scope': 'orders:read orders:write',
      'x-auth-audience': AUDIENCE,
      'x-auth-expires': String(Math.floor(endpoint.clock.wallMs() / 1_000) + 60),
      'x-auth-jwt': '',
    });
    expect(claimsIn(claims)).toMatchObject({ active: true, sub: 'alice', aud: AUDIENCE });
    expect(header(answer, 'cache-control')).toBe('no-store');
  });

  it('K-01 R-ENV-03 always sets every header, once, with nothing in it where the profile may not see it', async () => {
    const answer = await authorize(endpoint, { token, query: 'caller=edge-narrow' });
    const lines = answer.headerLines.filter((line) => line.toLowerCase().startsWith('x-auth-'));
    expect(lines.map((line) => line.split(':')[0])).toEqual(identityNames);
    expect(identityOf(answer)).toMatchObject({ 'x-auth-subject': 'alice', 'x-auth-scope': '' });
    expect(claimsIn(identityOf(answer)['x-auth-claims'])).not.toHaveProperty('scope');
  });

  it.each([
    ['auth0|5f7c', 'auth0|5f7c'],
    ['system:serviceaccount:shop:orders', 'system:serviceaccount:shop:orders'],
    ['Zoë Müller', 'Zo%C3%AB%20M%C3%BCller'],
    ['a%20b', 'a%2520b'],
    ['a b', 'a%20b'],
    [' alice ', '%20alice%20'],
    ['alice\r\nx-auth-scope: admin', 'alice%0D%0Ax-auth-scope:%20admin'],
    ['\u0000\u007f', '%00%7F'],
    ['🦊', '%F0%9F%A6%8A'],
    ['', ''],
  ])('K-01 the subject %j is the header %j, and no other subject is', async (sub, expected) => {
    const answer = await authorize(endpoint, { token: endpoint.context.good.with({ sub }).build() });
    expect(identityOf(answer)['x-auth-subject']).toBe(expected);
    expect(decodeURIComponent(expected)).toBe(sub);
    expect(claimsIn(identityOf(answer)['x-auth-claims'])).toHaveProperty('sub', sub);
  });

  it('RGRPC-03 rounds no integer in the claims', async () => {
    const answer = await authorize(endpoint, {
      token: endpoint.context.good.with({ account: 9007199254740993n }).build(),
    });
    const text = Buffer.from(identityOf(answer)['x-auth-claims']!, 'base64url').toString();
    expect(text).toContain('"account":9007199254740993');
  });

  it('R6750 no credentials: a challenge that names no error', async () => {
    const answer = await authorize(endpoint);
    expect([answer.status, header(answer, 'www-authenticate')]).toEqual([401, 'Bearer realm="assay"']);
  });

  it('KIT-05 no credentials: the challenge names every scope that is needed, and no error', async () => {
    const answer = await authorize(endpoint, { query: 'caller=edge&scope=orders:read+orders:write' });
    const expected = 'Bearer realm="assay", scope="orders:read orders:write"';
    expect([answer.status, header(answer, 'www-authenticate')]).toEqual([401, expected]);
  });

  it.each([
    ['expired', () => endpoint.context.good.expiredAt(endpoint.context.now).build()],
    ['for somebody else', () => endpoint.context.good.for('https://other.example').build()],
    ['no JWT', () => 'opaque'],
  ])('D-06 a token that is %s: 401 invalid_token', async (_name, bad) => {
    const answer = await authorize(endpoint, { token: bad() });
    expect(answer.status).toBe(401);
    expect(header(answer, 'www-authenticate')).toBe('Bearer realm="assay", error="invalid_token"');
  });

  it('K-09 INV-02 the bytes of a denial are the same whatever the reason, and say nothing of it', async () => {
    const bad = [endpoint.context.good.expiredAt(endpoint.context.now).build(), 'opaque', `${token.slice(0, -4)}AAAA`];
    const answers = await Promise.all(bad.map((each) => authorize(endpoint, { token: each })));
    expect(new Set(answers.map(bytesOf)).size).toBe(1);
    expect(bytesOf(answers[0]!)).not.toMatch(/expired|signature|malformed|issuer|opaque|eyJ/);
    expect(header(answers[0]!, 'x-auth-subject')).toBeUndefined();
  });

  it('R9728-01 RMCP-02 the profile names its metadata in every challenge', async () => {
    const named = `resource_metadata="${RESOURCE_METADATA}"`;
    const query = 'caller=resource&scope=admin';
    const none = await authorize(endpoint, { query });
    expect(header(none, 'www-authenticate')).toBe(`Bearer realm="assay", scope="admin", ${named}`);
    const bad = await authorize(endpoint, { query, token: 'opaque' });
    expect(header(bad, 'www-authenticate')).toBe(`Bearer realm="assay", error="invalid_token", ${named}`);
    const less = await authorize(endpoint, { query, token });
    expect([less.status, header(less, 'www-authenticate')]).toEqual([
      403,
      `Bearer realm="assay", error="insufficient_scope", scope="admin", ${named}`,
    ]);
  });

  it.each(['scope=orders:read', 'scope=orders:read%20orders:write', 'scope=orders:write+orders:read'])(
    'a token that has the scopes passes: %s',
    async (scope) => {
      expect((await authorize(endpoint, { token, query: `caller=edge&${scope}` })).status).toBe(200);
    },
  );

  it.each(['scope=admin', 'scope=orders:read%20admin', 'scope=orders', 'scope=orders:read:all', 'scope=ORDERS:READ'])(
    'D-06 a token that lacks one of them does not: %s',
    async (scope) => {
      const answer = await authorize(endpoint, { token, query: `caller=edge&${scope}` });
      expect(answer.status).toBe(403);
      expect(header(answer, 'www-authenticate')).toContain('error="insufficient_scope"');
      expect(JSON.parse(answer.body)).toHaveProperty('error', 'insufficient_scope');
    },
  );

  it('a scope that the profile may not see counts all the same', async () => {
    expect((await authorize(endpoint, { token, query: 'caller=edge-narrow&scope=orders:read' })).status).toBe(200);
    expect((await authorize(endpoint, { token, query: 'caller=edge-narrow&scope=admin' })).status).toBe(403);
  });

  it.each([
    ['an empty scope', 'caller=edge&scope='],
    ['a scope without value', 'caller=edge&scope'],
    ['nothing but a space', 'caller=edge&scope=+'],
    ['two scopes', 'caller=edge&scope=a&scope=b'],
    ['two callers', 'caller=edge&caller=resource'],
    ['a misspelt name', 'caller=edge&scopes=admin'],
    ['a name in capitals', 'caller=edge&Scope=admin'],
    ['a scope that is none', 'caller=edge&scope=%22'],
    ['a broken escape', 'caller=edge&scope=%zz'],
  ])('a check that was written down does not vanish: %s', async (_name, query) => {
    const answer = await authorize(endpoint, { token, query });
    expect([answer.status, header(answer, 'x-auth-subject')]).toEqual([400, undefined]);
  });

  it('X11 a token in the query is refused', async () => {
    expect((await authorize(endpoint, { query: `caller=edge&access_token=${token}` })).status).toBe(400);
  });
});

describe('/authorize, when we cannot answer', () => {
  it('X17 keys that cannot be known: 503 with Retry-After, and no verdict', async () => {
    const down = await HttpEndpoint.open({
      trustedProxies: ['127.0.0.1'],
      keys: () => ({
        known: () => undefined,
        holds: () => false,
        find: () => Promise.reject(new KeysUnavailable('main', 7)),
      }),
    });
    const answer = await authorize(down, { token: down.context.good.build() });
    expect([answer.status, header(answer, 'retry-after'), header(answer, 'www-authenticate')]).toEqual([
      503,
      '7',
      undefined,
    ]);
    expect(header(answer, 'cache-control')).toBe('no-store');
    await down.close();
  });
});
