import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Introspector } from '../../src/introspection/introspector.js';
import { KeysUnavailable } from '../../src/keys/key-resolver.js';
import type { TokenVerifier } from '../../src/verification/token-verifier.js';
import { Reception, RESOURCE_METADATA } from '../endpoints/reception.js';
import { GrpcEndpoint } from '../transport/grpc/support/grpc-endpoint.js';
import { claimsIn, identityNames } from './support/authorize.js';
import { EnvoyClient, type Verdict } from './support/envoy.js';
import { lengthDelimited as field, text } from './support/protobuf.js';
import { AUDIENCE } from '../vectors/world.js';

const trustedProxies = ['127.0.0.1'];
const thumbprint = 'A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0';

let reception: Reception;
let endpoint: GrpcEndpoint;
let envoy: EnvoyClient;
let token: string;

beforeAll(async () => {
  reception = await Reception.open();
  endpoint = await GrpcEndpoint.before(reception, { trustedProxies });
  envoy = new EnvoyClient(endpoint.port);
  token = reception.context.good.with({ scope: 'orders:read' }).build();
});

afterAll(async () => {
  envoy.close();
  await endpoint.close();
});

const summary = ({ rpc, code, http }: Verdict): unknown[] => [rpc, code, http];

describe('envoy.service.auth.v3.Authorization', () => {
  it('R-ENV-01 lets a good token pass, and tells the upstream whose it is', async () => {
    const { rpc, code, headers, actions } = await envoy.check({ token });
    expect([rpc, code]).toEqual(['OK', 'OK']);
    const { 'x-auth-claims': claims, ...identity } = headers;
    expect(identity).toEqual({
      'x-auth-issuer': 'https://login.corp.example',
      'x-auth-subject': 'alice',
      'x-auth-client-id': 'shop',
      'x-auth-scope': 'orders:read',
      'x-auth-audience': AUDIENCE,
      'x-auth-expires': String(Math.floor(reception.clock.wallMs() / 1_000) + 60),
    });
    expect(claimsIn(claims)).toMatchObject({ active: true, sub: 'alice' });
    expect(new Set(actions)).toEqual(new Set(['OVERWRITE_IF_EXISTS_OR_ADD']));
  });

  it('K-01 R-ENV-03 every identity header is set or removed, never both, never neither', async () => {
    const bare = reception.context.good.with({ sub: undefined, client_id: undefined }).build();
    for (const [each, caller] of [
      [token, 'edge'],
      [token, 'edge-narrow'],
      [bare, 'edge'],
    ] as const) {
      const { headers, remove } = await envoy.check({ token: each, extensions: { caller } });
      const removed = remove.filter((name) => !name.includes('_'));
      expect([...Object.keys(headers), ...removed].sort()).toEqual([...identityNames].sort());
      expect(Object.values(headers)).not.toContain('');
    }
  });

  it('K-01 CVE-2025-64484 every other spelling of them is removed', async () => {
    const { remove } = await envoy.check({ token });
    const spelt = [
      'x_auth_subject',
      'x-auth_subject',
      'x_auth-subject',
      'x_auth_client_id',
      'x-auth-client_id',
      'x_auth_claims',
    ];
    expect(remove).toEqual(expect.arrayContaining(spelt));
    // And x-auth-jwt itself, which this profile has not.
    expect(remove).toHaveLength(3 * 7 + 7 + 1);
  });

  it.each([
    ['no token', () => ({}), 'Bearer realm="assay"'],
    ['a bad token', () => ({ token: 'opaque' }), 'Bearer realm="assay", error="invalid_token"'],
    [
      'a DPoP-bound token (K-07)',
      () => ({ token: reception.context.good.with({ cnf: { jkt: thumbprint } }).build() }),
      'Bearer realm="assay", error="invalid_token"',
    ],
    [
      'no token for a resource with metadata (R9728-01)',
      () => ({ extensions: { caller: 'resource' } }),
      `Bearer realm="assay", resource_metadata="${RESOURCE_METADATA}"`,
    ],
  ])('R-ENV-02 denies %s in an OK RPC', async (_name, parts, challenge) => {
    const verdict = await envoy.check(parts());
    expect(summary(verdict)).toEqual(['OK', 'UNAUTHENTICATED', 401]);
    expect(verdict.headers).toMatchObject({ 'www-authenticate': challenge, 'cache-control': 'no-store' });
  });

  it('D-06 a scope that is missing: 403', async () => {
    const enough = await envoy.check({ token, extensions: { caller: 'edge', scope: 'orders:read' } });
    expect(summary(enough)).toEqual(['OK', 'OK', undefined]);
    const less = await envoy.check({ token, extensions: { caller: 'edge', scope: 'orders:read admin' } });
    expect(summary(less)).toEqual(['OK', 'PERMISSION_DENIED', 403]);
    expect(less.headers['www-authenticate']).toContain('error="insufficient_scope", scope="orders:read admin"');
  });

  it.each([
    ['misspelt', { caller: 'edge', scopes: 'admin' }],
    ['empty', { caller: 'edge', scope: '' }],
    ['no scope', { caller: 'edge', scope: '"' }],
  ])('a check that was written down does not vanish: %s', async (_name, extensions) => {
    expect(summary(await envoy.check({ token, extensions }))).toEqual(['OK', 'PERMISSION_DENIED', 400]);
  });

  it.each([
    ['joined by Envoy', () => ({ headers: { authorization: `Bearer ${token},Bearer ${token}` } })],
    ['a good one and another', () => ({ headers: { authorization: `Bearer ${token}, Basic b3JkZXJzOng=` } })],
    ['in two cases', () => ({ headers: { authorization: `Bearer ${token}`, Authorization: `Bearer ${token}` } })],
    ['raw', () => ({ raw: rawHeaders([`Bearer ${token}`, 'Bearer opaque']) })],
  ])('K-03 R-ENV-04 CVE-2020-25017 several credentials are none: %s', async (_name, parts) => {
    expect(summary(await envoy.check(parts()))).toEqual(['OK', 'UNAUTHENTICATED', 401]);
  });

  it('R-ENV-04 reads raw headers, too', async () => {
    expect(summary(await envoy.check({ raw: rawHeaders([`Bearer ${token}`]) }))).toEqual(['OK', 'OK', undefined]);
  });

  it.each([
    ['nothing at all', {}],
    ['no request', { attributes: { contextExtensions: { caller: 'edge' } } }],
    ['no HTTP', { attributes: { request: {}, contextExtensions: { caller: 'edge' } } }],
    ['an empty HTTP', { attributes: { request: { http: {} }, contextExtensions: { caller: 'edge' } } }],
  ])('K-04 R-ENV-04 CVE-2026-73547 a request without a path is denied: %s', async (_name, raw) => {
    expect(summary(await envoy.check({ raw }))).toEqual(['OK', 'PERMISSION_DENIED', 400]);
  });

  it('K-04 R-ENV-04 CONNECT without a path is denied, with the best of tokens', async () => {
    expect(summary(await envoy.check({ token, path: '', method: 'CONNECT' }))).toEqual([
      'OK',
      'PERMISSION_DENIED',
      400,
    ]);
  });

  it.each([
    ['websocket', { headers: { upgrade: 'websocket', connection: 'upgrade' } }],
    ['gRPC-web', { headers: { 'content-type': 'application/grpc-web+proto' }, method: 'POST' }],
    ['OPTIONS', { method: 'OPTIONS' }],
    ['no method', { method: '' }],
    ['a probe (K-06)', { headers: { 'user-agent': 'kube-probe/1.33' }, path: '/healthz' }],
  ])('K-04 K-06 nothing about the request is an exemption: %s', async (_name, parts) => {
    expect((await envoy.check(parts)).http).toBe(401);
    expect((await envoy.check({ ...parts, token })).code).toBe('OK');
  });

  it.each(['//admin', '/%2e%2e/admin', '/a;b', '/x#/public', '\\admin', '/a%2fb', '/public.', '/x?/public'])(
    'K-02 no path is a rule, so no path is a trick: %s',
    async (path) => {
      expect((await envoy.check({ path })).http).toBe(401);
      expect((await envoy.check({ path, token })).code).toBe('OK');
    },
  );

  it('K-09 INV-02 denials are the same whatever the reason', async () => {
    const bad = [
      reception.context.good.expiredAt(reception.context.now).build(),
      'opaque',
      `${token.slice(0, -4)}AAAA`,
    ];
    const verdicts = await Promise.all(bad.map((each) => envoy.check({ token: each })));
    expect(new Set(verdicts.map((verdict) => JSON.stringify(verdict))).size).toBe(1);
    expect(JSON.stringify(verdicts[0])).not.toMatch(/expired|signature|malformed|issuer|opaque|eyJ/);
  });

  it("speaks Envoy's numbers: octets of a CheckRequest, written by hand", async () => {
    const http = [
      field(2, text('GET')),
      field(3, field(1, text('authorization')), field(2, text(`Bearer ${token}`))),
      field(4, text('/orders')),
      field(5, text('api.corp.example')),
      field(10, text('HTTP/2')),
    ];
    const extension = field(10, field(1, text('caller')), field(2, text('edge')));
    const source = field(1, field(4, text('spiffe://corp.example/shop')));
    const message = field(1, source, field(4, field(2, ...http)), extension);
    expect(summary(await envoy.send(message))).toEqual(['OK', 'OK', undefined]);
  });

  it.each(['ffff', '0a', '0a7f00', '08ff'])('H-18 octets that are no message are no approval: %s', async (hex) => {
    const { rpc, code } = await envoy.send(Buffer.from(hex, 'hex'));
    expect([rpc, code]).not.toEqual(['OK', 'OK']);
  });
});

describe('envoy.service.auth.v3.Authorization, when we cannot answer', () => {
  async function verdictOf(parts: Parameters<typeof GrpcEndpoint.open>[0], timeoutMs?: number): Promise<Verdict> {
    const down = await GrpcEndpoint.open({ trustedProxies, ...parts });
    const client = new EnvoyClient(down.port);
    const options = timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
    const verdict = await client.check({ token: down.reception.context.good.build(), options });
    client.close();
    await down.close();
    return verdict;
  }

  it('K-05 X17 R-ENV-02 keys that cannot be known: an OK RPC with 503 in it', async () => {
    const down = {
      known: () => undefined,
      holds: () => false,
      find: () => Promise.reject(new KeysUnavailable('main', 7)),
    };
    const verdict = await verdictOf({ keys: () => down });
    expect(summary(verdict)).toEqual(['OK', 'UNAVAILABLE', 503]);
    expect(verdict.headers['retry-after']).toBe('7');
  });

  it('K-05 an issuer slower than Envoy waits: an OK RPC with 503 in it, in time', async () => {
    const slow = { known: () => undefined, holds: () => false, find: () => new Promise<never>(() => undefined) };
    const outcomes: unknown[] = [];
    // A machine that is busy for longer than the margin may be late, but not each time.
    while (outcomes.length < 5 && !isDeepStrictEqual(outcomes.at(-1), ['OK', 'UNAVAILABLE', 503])) {
      outcomes.push(summary(await verdictOf({ keys: () => slow }, 400)));
    }
    expect(outcomes.at(-1)).toEqual(['OK', 'UNAVAILABLE', 503]);
  });

  it('K-05 X20 a bug of ours: an OK RPC with 500 in it', async () => {
    const verifier = { verify: () => Promise.reject(new TypeError('bug')) } as unknown as TokenVerifier;
    expect(summary(await verdictOf({ introspector: new Introspector(verifier) }))).toEqual(['OK', 'UNAVAILABLE', 500]);
  });
});

function rawHeaders(values: readonly string[]): object {
  const headers = values.map((value) => ({ key: 'authorization', rawValue: Buffer.from(value) }));
  return {
    attributes: { request: { http: { path: '/', headerMap: { headers } } }, contextExtensions: { caller: 'edge' } },
  };
}
