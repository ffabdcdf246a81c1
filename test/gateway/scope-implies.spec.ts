import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Reception } from '../endpoints/reception.js';
import { GrpcEndpoint } from '../transport/grpc/support/grpc-endpoint.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';
import { header, talk } from '../transport/http/support/raw-http.js';
import { request } from '../transport/http/support/requests.js';
import { AUDIENCE } from '../vectors/world.js';
import { authorize, claimsIn, identityOf } from './support/authorize.js';
import { EnvoyClient } from './support/envoy.js';

const files = {
  id: 'files-edge',
  proxy: true,
  issuers: ['main'],
  audiences: [AUDIENCE],
  claims: ['sub', 'scope'],
  resource: 'https://files.corp.example',
  scopeImplies: new Map([
    ['files:admin', ['files:write']],
    ['files:write', ['files:read']],
  ]),
};

let reception: Reception;
let http: HttpEndpoint;
let grpc: GrpcEndpoint;
let envoy: EnvoyClient;

beforeAll(async () => {
  reception = await Reception.open({ callers: [files, { ...files, id: 'flat-edge', scopeImplies: new Map() }] });
  http = await HttpEndpoint.before(reception, { trustedProxies: ['127.0.0.1/32'] });
  grpc = await GrpcEndpoint.before(reception, { trustedProxies: ['127.0.0.1/32'] });
  envoy = new EnvoyClient(grpc.port);
});

afterAll(async () => {
  envoy.close();
  await grpc.close();
  await http.close();
});

const tokenWith = (scope: string): string => reception.context.good.with({ scope }).build();

/** The status at `/authorize`, and that at ext_authz. */
async function statuses(scope: string, needed: string, caller = 'files-edge'): Promise<unknown[]> {
  const token = tokenWith(scope);
  const query = `caller=${caller}&scope=${encodeURIComponent(needed)}`;
  const { status } = await authorize(http, { token, query });
  const verdict = await envoy.check({ token, extensions: { caller, scope: needed } });
  return [status, verdict.http ?? verdict.code];
}

describe('MCP 2026-07-28 servers account for scope hierarchies', () => {
  it.each([
    ['files:read', 'files:read'],
    ['files:write', 'files:read'],
    ['files:admin', 'files:read'],
    ['files:admin', 'files:read files:write'],
    ['profile files:write', 'files:read profile'],
  ])('KIT-04 a token with %s passes where %s is needed', async (scope, needed) => {
    expect(await statuses(scope, needed)).toEqual([200, 'OK']);
  });

  it.each([
    ['files:read', 'files:write'],
    ['files:write', 'files:read profile'],
    ['files:*', 'files:read'],
    ['*', 'files:read'],
    ['files', 'files:read'],
    ['Files:Write', 'files:read'],
    ['files:write:all', 'files:read'],
  ])('KIT-04 a token with %s does not where %s is needed', async (scope, needed) => {
    expect(await statuses(scope, needed)).toEqual([403, 403]);
  });

  it('KIT-04 a profile without it takes a scope for itself alone', async () => {
    expect(await statuses('files:write', 'files:read', 'flat-edge')).toEqual([403, 403]);
    expect(await statuses('files:write', 'files:read', 'edge')).toEqual([403, 403]);
  });

  it('KIT-04 what is implied is never written: upstreams read what the token has, clients what is needed', async () => {
    const query = 'caller=files-edge&scope=files:read';
    const passed = await authorize(http, { token: tokenWith('files:admin'), query });
    expect(identityOf(passed)['x-auth-scope']).toBe('files:admin');
    expect(claimsIn(header(passed, 'x-auth-claims'))).toMatchObject({ scope: 'files:admin' });
    const denied = await authorize(http, { token: tokenWith('profile'), query });
    expect(header(denied, 'www-authenticate')).toContain('error="insufficient_scope", scope="files:read"');
  });

  it('RFC 9728 §2 the document names the scopes of the hierarchy', async () => {
    const target = '/.well-known/oauth-protected-resource?caller=files-edge';
    const [answer] = await talk(http.port, request({ method: 'GET', target, headers: {} }));
    expect(JSON.parse(answer!.body)).toMatchObject({ scopes_supported: ['files:admin', 'files:write', 'files:read'] });
    const [flat] = await talk(
      http.port,
      request({ method: 'GET', target: target.replace('files', 'flat'), headers: {} }),
    );
    expect(JSON.parse(flat!.body)).not.toHaveProperty('scopes_supported');
  });
});
