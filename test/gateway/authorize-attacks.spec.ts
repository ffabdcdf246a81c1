import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';
import { bytesOf, header, talk } from '../transport/http/support/raw-http.js';
import { basic, request } from '../transport/http/support/requests.js';
import { authorize } from './support/authorize.js';

const thumbprint = 'A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0';

let endpoint: HttpEndpoint;
let token: string;

beforeAll(async () => {
  endpoint = await HttpEndpoint.open({ trustedProxies: ['127.0.0.1/32'] });
  token = endpoint.context.good.build();
});

afterAll(() => endpoint.close());

describe('/authorize under attack', () => {
  it.each([
    ['DPoP', { jkt: thumbprint }],
    ['mTLS', { 'x5t#S256': thumbprint }],
    ['DPoP and mTLS', { jkt: thumbprint, 'x5t#S256': thumbprint }],
    ['DPoP and otherwise', { jkt: thumbprint, 'kc-jkt-type': 'DPoP' }],
    ['otherwise', { kid: 'x' }],
    ['somehow', {}],
  ])('K-07 R9449-03 a %s-bound token as Bearer: 401', async (_name, cnf) => {
    const bound = endpoint.context.good.with({ cnf }).build();
    const answer = await authorize(endpoint, { token: bound });
    expect([answer.status, header(answer, 'www-authenticate')]).toEqual([
      401,
      'Bearer realm="assay", error="invalid_token"',
    ]);
    expect(endpoint.log).toContain('proof_missing');
  });

  it('K-07 R9449-03 the scheme DPoP: 401, because nobody here looks at proofs', async () => {
    const answer = await authorize(endpoint, { headers: { Authorization: `DPoP ${token}` } });
    expect([answer.status, header(answer, 'www-authenticate')]).toEqual([401, 'Bearer realm="assay"']);
  });

  it.each([
    ['a good one first', () => [`Bearer ${token}`, 'Bearer opaque']],
    ['a good one last', () => ['Bearer opaque', `Bearer ${token}`]],
    ['the same twice', () => [`Bearer ${token}`, `Bearer ${token}`]],
    ['another scheme first', () => [basic(), `Bearer ${token}`]],
    ['another scheme last', () => [`Bearer ${token}`, basic()]],
    ['joined by a comma', () => `Bearer ${token}, Bearer ${token}`],
    ['joined by a comma without a space', () => `Bearer ${token},Bearer opaque`],
    ['Basic joined by a comma', () => `${basic()}, Bearer ${token}`],
  ])('K-03 several credentials are none, %s', async (_name, authorization) => {
    expect((await authorize(endpoint, { headers: { Authorization: authorization() } })).status).toBe(401);
  });

  it.each([
    ['no token', 'Bearer'],
    ['an empty token', 'Bearer '],
    ['two words', 'Bearer a b'],
    ['quotes', 'Bearer "abc"'],
    ['a tab', 'Bearer\tabc'],
  ])('R6750-04 a malformed credential is 401, not 400, which nginx would call our fault: %s', async (_name, value) => {
    expect((await authorize(endpoint, { headers: { Authorization: value } })).status).toBe(401);
  });

  it('K-10 a token in a cookie is none', async () => {
    const headers = { Cookie: `token=${token}; access_token=${token}; Authorization=Bearer ${token}` };
    expect((await authorize(endpoint, { headers })).status).toBe(401);
  });

  it.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    'K-06 no method is exempt: %s',
    async (method) => {
      expect((await authorize(endpoint, { method })).status).toBe(401);
      expect((await authorize(endpoint, { method, token })).status).toBe(200);
    },
  );

  it.each(['kube-probe/1.33', 'GoogleHC/1.0', 'ELB-HealthChecker/2.0', 'Amazon-Route53-Health-Check-Service', ''])(
    'K-06 CVE-2026-34457 no User-Agent is exempt: %j',
    async (agent) => {
      for (const method of ['GET', 'HEAD', 'OPTIONS']) {
        const headers = { 'User-Agent': agent, 'X-Forwarded-Uri': '/healthz', 'X-Forwarded-Method': method };
        expect((await authorize(endpoint, { method, headers })).status).toBe(401);
      }
    },
  );

  it.each(['//admin', '/%2e%2e/admin', '/a;b/../admin', '/x#/public', '\\admin', '/a%2fb', '/public.', '/x?/public'])(
    'K-02 K-08 no path is a rule, so no path is a trick: %s',
    async (path) => {
      const headers = {
        'X-Forwarded-Uri': path,
        'X-Original-URI': path,
        'X-Original-URL': path,
        'X-Rewrite-URL': path,
        'X-Forwarded-Method': 'OPTIONS',
        'X-Forwarded-Host': 'public.example',
        'X-Forwarded-Proto': 'https',
      };
      expect((await authorize(endpoint, { headers })).status).toBe(401);
      expect(bytesOf(await authorize(endpoint, { headers, token }))).toBe(
        bytesOf(await authorize(endpoint, { token })),
      );
    },
  );

  it('K-01 identity headers that the client has sent are not repeated', async () => {
    const headers = { 'x-auth-subject': 'admin', X_Auth_Subject: 'admin', 'X-AUTH-SCOPE': ['admin', 'root'] };
    const answer = await authorize(endpoint, { headers, token });
    expect(bytesOf(answer)).not.toMatch(/admin|root/);
  });

  it.each([
    ['HTTP/1.0', { version: '1.0', headers: { Host: undefined } }],
    ['a WebSocket upgrade', { headers: { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Key': 'x' } }],
    ['gRPC-web', { method: 'POST', headers: { 'Content-Type': 'application/grpc-web+proto' } }],
    [
      'a form',
      { method: 'POST', headers: { 'Content-Type': 'multipart/form-data; boundary=x', 'Content-Length': '0' } },
    ],
    ['a small body', { method: 'PUT', headers: { 'Content-Type': 'text/xml', 'Content-Length': '4' }, body: '<a/>' }],
    ['a type without a body', { method: 'DELETE', headers: { 'Content-Type': 'application/json' } }],
    ['a type that is none', { method: 'POST', headers: { 'Content-Type': 'garbage', 'Content-Length': '0' } }],
    ['QUERY without a type', { method: 'QUERY', headers: {} }],
  ])('K-04 what the client speaks does not matter: %s', async (_name, parts) => {
    expect((await authorize(endpoint, parts)).status).toBe(401);
    const headers = { ...parts.headers, Authorization: `Bearer ${token}` };
    expect((await authorize(endpoint, { ...parts, headers })).status).toBe(200);
  });

  it('K-04 CONNECT is refused, and the endpoint stays open', async () => {
    const bytes = request({
      method: 'CONNECT',
      target: '/authorize?caller=edge',
      headers: { Authorization: `Bearer ${token}` },
    });
    expect((await talk(endpoint.port, bytes))[0]?.status).toBe(405);
    expect((await authorize(endpoint, { token })).status).toBe(200);
  });
});
