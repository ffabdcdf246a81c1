import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Reception } from '../endpoints/reception.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';
import { header, talk, type RawAnswer } from '../transport/http/support/raw-http.js';
import { request } from '../transport/http/support/requests.js';
import { authorize } from './support/authorize.js';
import { EnvoyClient } from './support/envoy.js';
import { GrpcEndpoint } from '../transport/grpc/support/grpc-endpoint.js';

const main = { proxy: true, issuers: ['main'], audiences: ['https://api.corp.example'], claims: ['sub'] } as const;
const dpop = { maxAge: 60_000, replay: 'local', onUnknown: 'accept', nonce: 'off', proxySetsRequestId: false } as const;

const callers = [
  { id: 'mcp-edge', ...main, resource: 'https://mcp.corp.example/tools/v1' },
  {
    id: 'bound-edge',
    ...main,
    issuers: ['main', 'same-kid'],
    resource: 'https://bound.corp.example/bound',
    proofs: { origin: 'https://bound.corp.example', dpop: { ...dpop, algorithms: ['ES256'] }, certificateFrom: 'xfcc' },
  },
  { id: 'access-edge', ...main, resource: 'https://mcp.corp.example/a%20b', tokenFrom: [{ header: 'X-Token' }] },
  { id: 'one-host', ...main, resource: 'https://one.example' },
  { id: 'other-host', ...main, resource: 'https://other.example/' },
  { id: 'elsewhere', ...main, resource: 'https://mcp.corp.example/own', resourceMetadata: 'https://docs.example/own' },
] as const;

let reception: Reception;
let endpoint: HttpEndpoint;

beforeAll(async () => {
  reception = await Reception.open({ callers });
  endpoint = await HttpEndpoint.before(reception, { trustedProxies: ['127.0.0.1/32'] });
});

afterAll(() => endpoint.close());

const place = '/.well-known/oauth-protected-resource';

async function ask(target: string, parts: { method?: string; host?: string } = {}): Promise<RawAnswer> {
  const { method = 'GET', host = 'mcp.corp.example' } = parts;
  const headers = { Host: host, Authorization: undefined, 'Content-Type': undefined, 'Content-Length': undefined };
  return (await talk(endpoint.port, request({ method, target, headers })))[0]!;
}

describe('the metadata of a protected resource', () => {
  it('R9728-02 is where its path is inserted, and names the resource as it is registered', async () => {
    const answer = await ask(`${place}/tools/v1`);
    expect([answer.status, header(answer, 'content-type')]).toEqual([200, 'application/json']);
    expect(JSON.parse(answer.body)).toEqual({
      resource: 'https://mcp.corp.example/tools/v1',
      authorization_servers: ['https://login.corp.example'],
      bearer_methods_supported: ['header'],
    });
    expect(header(answer, 'cache-control')).toBe('public, max-age=300');
    expect(header(answer, 'access-control-allow-origin')).toBe('*');
  });

  it('KIT-03 is the same whatever Host says, and for whoever asks', async () => {
    const bodies = ['mcp.corp.example', 'evil.example'].map(
      async (host) => (await ask(`${place}/tools/v1`, { host })).body,
    );
    expect(new Set(await Promise.all(bodies)).size).toBe(1);
  });

  it('says which proofs are taken, and nothing of those that are not always needed', async () => {
    expect(JSON.parse((await ask(`${place}/bound`)).body)).toEqual({
      resource: 'https://bound.corp.example/bound',
      authorization_servers: ['https://login.corp.example', 'https://same-kid.example'],
      bearer_methods_supported: ['header'],
      dpop_signing_alg_values_supported: ['ES256'],
      tls_client_certificate_bound_access_tokens: true,
    });
  });

  it('says that no token is read from Authorization where none is', async () => {
    const { body } = await ask(`${place}/a%20b`);
    expect(JSON.parse(body)).toMatchObject({
      resource: 'https://mcp.corp.example/a%20b',
      bearer_methods_supported: [],
    });
  });

  it('of two resources of one path is that of the caller whom the proxy names, and none where it names nobody', async () => {
    expect((await ask(place)).status).toBe(404);
    expect(JSON.parse((await ask(`${place}?caller=one-host`)).body)).toMatchObject({ resource: 'https://one.example' });
    expect(JSON.parse((await ask(`${place}?caller=other-host`)).body)).toMatchObject({
      resource: 'https://other.example/',
    });
    expect((await ask(`${place}?caller=mcp-edge`)).status).toBe(404);
  });

  it.each([
    '/tools',
    '/tools/v1/',
    '/tools/v1/x',
    '/tools%2Fv1',
    '/Tools/v1',
    '//tools/v1',
    '/tools/x/../v1',
    '/1/2/3/4/5/6/7/8',
    '/1/2/3/4/5/6/7/8/9',
  ])('is nowhere else: %s', async (path) => {
    expect((await ask(`${place}${path}`)).status).toBe(404);
  });

  it('is only read', async () => {
    const answer = await ask(`${place}/tools/v1`, { method: 'PUT' });
    expect([answer.status, header(answer, 'allow')]).toEqual([405, 'GET, HEAD']);
  });
});

describe('challenges', () => {
  const named = `resource_metadata="https://mcp.corp.example${place}/tools/v1"`;

  it('R9728-01 RMCP-02 name the document, at /authorize and at ext_authz', async () => {
    const envoy = await GrpcEndpoint.before(reception, { trustedProxies: ['127.0.0.1/32'] });
    const client = new EnvoyClient(envoy.port);
    const overGrpc = await client.check({ extensions: { caller: 'mcp-edge', scope: 'tools:call' } });
    client.close();
    await envoy.close();
    const overHttp = await authorize(endpoint, { query: 'caller=mcp-edge&scope=tools:call' });
    const expected = `Bearer realm="assay", scope="tools:call", ${named}`;
    expect(overGrpc.headers['www-authenticate']).toBe(expected);
    expect([overHttp.status, header(overHttp, 'www-authenticate')]).toEqual([401, expected]);
  });

  it('MCP 2026-07-28 a token with too little scope: 403 with all the scopes at once, and the document', async () => {
    const token = reception.context.good.with({ scope: 'tools:list' }).build();
    const answer = await authorize(endpoint, { query: 'caller=mcp-edge&scope=tools:list%20tools:call', token });
    expect([answer.status, header(answer, 'www-authenticate')]).toEqual([
      403,
      `Bearer realm="assay", error="insufficient_scope", scope="tools:list tools:call", ${named}`,
    ]);
  });

  it.each([
    ['expired', () => reception.context.good.expiredAt(reception.context.now).build()],
    ['for another resource', () => reception.context.good.for('https://other.example').build()],
  ])('RMCP-01 MCP 2026-07-28 a token that is %s: 401 invalid_token and the document', async (_name, bad) => {
    const answer = await authorize(endpoint, { query: 'caller=mcp-edge', token: bad() });
    expect([answer.status, header(answer, 'www-authenticate')]).toEqual([
      401,
      `Bearer realm="assay", error="invalid_token", ${named}`,
    ]);
  });

  it('R9728-01 both challenges name it, where proofs are read', async () => {
    const challenge = header(await authorize(endpoint, { query: 'caller=bound-edge' }), 'www-authenticate') ?? '';
    expect(challenge.match(/resource_metadata="https:\/\/bound\.corp\.example[^"]*\/bound"/g)).toHaveLength(2);
  });

  it('name the document that somebody else publishes, where the profile says so', async () => {
    const answer = await authorize(endpoint, { query: 'caller=elsewhere' });
    expect(header(answer, 'www-authenticate')).toContain('resource_metadata="https://docs.example/own"');
  });
});
