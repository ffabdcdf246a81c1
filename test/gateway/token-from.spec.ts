import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Reception } from '../endpoints/reception.js';
import { GrpcEndpoint } from '../transport/grpc/support/grpc-endpoint.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';
import { header } from '../transport/http/support/raw-http.js';
import { authorize } from './support/authorize.js';
import { EnvoyClient } from './support/envoy.js';

let reception: Reception;
let http: HttpEndpoint;
let grpc: GrpcEndpoint;
let envoy: EnvoyClient;
let token: string;
let other: string;

beforeAll(async () => {
  reception = await Reception.open();
  http = await HttpEndpoint.before(reception, { trustedProxies: ['127.0.0.1'] });
  grpc = await GrpcEndpoint.before(reception, { trustedProxies: ['127.0.0.1'] });
  envoy = new EnvoyClient(grpc.port);
  token = reception.context.good.with({ sub: 'alice' }).build();
  other = reception.context.good.with({ sub: 'bob' }).build();
});

afterAll(async () => {
  envoy.close();
  await grpc.close();
  await http.close();
});

type Headers = Readonly<Record<string, string>>;

/** What both endpoints say: whose token passed, or the challenge. */
async function verdicts(caller: string, headers: Headers): Promise<readonly unknown[]> {
  const answer = await authorize(http, {
    query: `caller=${caller}`,
    headers: { Authorization: undefined, ...headers },
  });
  const verdict = await envoy.check({ headers, extensions: { caller } });
  return [
    answer.status === 200 ? header(answer, 'x-auth-subject') : header(answer, 'www-authenticate'),
    verdict.code === 'OK' ? verdict.headers['x-auth-subject'] : verdict.headers['www-authenticate'],
  ];
}

const none = 'Bearer realm="assay"';
const bad = 'Bearer realm="assay", error="invalid_token"';

/** The profile `edge-access` has `cf-access-jwt-assertion` and then `authorization`; `edge-iap` another header alone. */
const rows: readonly (readonly [name: string, caller: string, headers: () => Headers, expected: string])[] = [
  ['the JWT by itself', 'edge-access', () => ({ 'cf-access-jwt-assertion': token }), 'alice'],
  ['behind Bearer', 'edge-access', () => ({ 'cf-access-jwt-assertion': `bearer  ${token}` }), 'alice'],
  ['in the second header', 'edge-access', () => ({ authorization: `Bearer ${token}` }), 'alice'],
  [
    'in both, the same',
    'edge-access',
    () => ({ authorization: `Bearer ${token}`, 'cf-access-jwt-assertion': token }),
    'alice',
  ],
  ['in both, two', 'edge-access', () => ({ authorization: `Bearer ${other}`, 'cf-access-jwt-assertion': token }), bad],
  [
    'in both, one of them bad',
    'edge-access',
    () => ({ authorization: 'Bearer opaque', 'cf-access-jwt-assertion': token }),
    bad,
  ],
  [
    'credentials for somebody else beside it',
    'edge-access',
    () => ({ authorization: 'Basic b3JkZXJzOng=', 'cf-access-jwt-assertion': token }),
    'alice',
  ],
  ['joined with another', 'edge-access', () => ({ 'cf-access-jwt-assertion': `${token},${token}` }), bad],
  ['nothing in it', 'edge-access', () => ({ 'cf-access-jwt-assertion': '' }), none],
  ['a bad one', 'edge-access', () => ({ 'cf-access-jwt-assertion': 'opaque' }), bad],
  ['another spelling of the name', 'edge-access', () => ({ cf_access_jwt_assertion: token }), none],
  ['in a header that is not listed', 'edge-iap', () => ({ authorization: `Bearer ${token}` }), none],
  ['in the one that is', 'edge-iap', () => ({ 'x-goog-iap-jwt-assertion': token }), 'alice'],
  [
    'beside credentials that the profile does not read',
    'edge-iap',
    () => ({ authorization: `Bearer ${other}`, 'x-goog-iap-jwt-assertion': token }),
    'alice',
  ],
  ['a profile without the setting', 'edge', () => ({ 'cf-access-jwt-assertion': token }), none],
  ['what a client says of itself', 'edge-access', () => ({ 'x-auth-subject': 'root' }), none],
];

describe('tokenFrom, at /authorize and ext_authz', () => {
  it.each(rows)('%s', async (_name, caller, headers, expected) => {
    expect(await verdicts(caller, headers())).toEqual([expected, expected]);
  });

  it('two lines of one header are none', async () => {
    const lines = { 'Cf-Access-Jwt-Assertion': [token, token] };
    const answer = await authorize(http, { query: 'caller=edge-access', headers: lines });
    expect(header(answer, 'www-authenticate')).toBe(bad);
    const listed = { key: 'cf-access-jwt-assertion', value: token, rawValue: Buffer.alloc(0) };
    const request = { http: { method: 'GET', path: '/', headerMap: { headers: [listed, listed] } } };
    const raw = { attributes: { request, contextExtensions: { caller: 'edge-access' } } };
    expect((await envoy.check({ raw })).headers['www-authenticate']).toBe(bad);
  });
});

describe('allowPreflight, at /authorize and ext_authz', () => {
  const preflight = { origin: 'https://shop.example', 'access-control-request-method': 'PUT' };

  async function passes(caller: string, method: string, headers: Headers): Promise<readonly boolean[]> {
    const answer = await authorize(http, { method, query: `caller=${caller}`, headers });
    const verdict = await envoy.check({ method, headers, extensions: { caller } });
    return [answer.status === 200, verdict.code === 'OK'];
  }

  it('a preflight passes without a token, and as nobody', async () => {
    const claimed = { ...preflight, 'x-auth-subject': 'root' };
    const answer = await authorize(http, { method: 'OPTIONS', query: 'caller=edge-cors', headers: claimed });
    expect(answer.status).toBe(200);
    const lines = answer.headerLines.filter((line) => line.toLowerCase().startsWith('x-auth-'));
    expect(lines.map((line) => line.split(':')[1]?.trim())).toEqual(Array.from({ length: 8 }, () => ''));
    const verdict = await envoy.check({ method: 'OPTIONS', headers: claimed, extensions: { caller: 'edge-cors' } });
    expect([verdict.code, verdict.headers]).toEqual(['OK', {}]);
    expect(verdict.remove).toContain('x-auth-subject');
    expect(verdict.remove).toContain('x_auth_subject');
  });

  it.each<[string, string, string, Headers]>([
    ['a profile without the setting', 'edge', 'OPTIONS', preflight],
    ['GET', 'edge-cors', 'GET', preflight],
    ['OPTIONS without Origin', 'edge-cors', 'OPTIONS', { ...preflight, origin: '' }],
    ['OPTIONS without a method', 'edge-cors', 'OPTIONS', { origin: 'https://shop.example' }],
    ['a method that only a header says', 'edge-cors', 'GET', { ...preflight, 'x-forwarded-method': 'OPTIONS' }],
    ['another method in a header', 'edge-cors', 'OPTIONS', { ...preflight, 'x-http-method-override': 'DELETE' }],
    ['the same as CGI reads it', 'edge-cors', 'OPTIONS', { ...preflight, x_http_method_override: 'DELETE' }],
    ['content', 'edge-cors', 'OPTIONS', { ...preflight, 'content-length': '4' }],
  ])('nothing else does: %s', async (_name, caller, method, headers) => {
    expect(await passes(caller, method, headers)).toEqual([false, false]);
  });

  it('nothing else does: a method in another case (RFC 9110 §9.1), which our parser of HTTP refuses by itself', async () => {
    const verdict = await envoy.check({ method: 'options', headers: preflight, extensions: { caller: 'edge-cors' } });
    expect(verdict.http).toBe(401);
  });

  it('with a good token everything else passes as before', async () => {
    const headers = { authorization: `Bearer ${token}` };
    expect(await passes('edge-cors', 'GET', headers)).toEqual([true, true]);
    expect(await passes('edge-cors', 'OPTIONS', headers)).toEqual([true, true]);
  });
});
