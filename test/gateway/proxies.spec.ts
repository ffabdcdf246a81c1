import { credentials } from '@grpc/grpc-js';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Reception } from '../endpoints/reception.js';
import { GrpcEndpoint } from '../transport/grpc/support/grpc-endpoint.js';
import { Authority, type Credential } from '../transport/http/support/certificates.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';
import { answersIn, exchange, talk } from '../transport/http/support/raw-http.js';
import { basic, request } from '../transport/http/support/requests.js';
import { authorize } from './support/authorize.js';
import { EnvoyClient } from './support/envoy.js';

type Shown = 'edge' | 'orders' | 'strange';

/** What a proxy may present, and whether it may ask; the token is always a good one. */
const table: readonly (readonly [
  name: string,
  shown: Shown | undefined,
  caller: string | undefined,
  status: number,
])[] = [
  ['no certificate', undefined, 'edge', 403],
  ['a certificate of a profile, and its name', 'edge', 'edge-mesh', 200],
  ['a certificate of a profile, and no name', 'edge', undefined, 200],
  ['a certificate of a profile, and the name of another one', 'edge', 'edge', 403],
  ['a certificate of a caller that is no profile', 'orders', 'mesh', 403],
  ['a certificate of a caller that is no profile, and no name', 'orders', undefined, 403],
  ['a certificate of somebody else', 'strange', 'edge-mesh', 403],
];

const uri = (value: string) => [{ type: 'url' as const, value }];

let ours: Authority;
let shown: Readonly<Record<Shown, Credential>>;
let reception: Reception;
let http: HttpEndpoint;
let grpc: GrpcEndpoint;
let token: string;

beforeAll(async () => {
  ours = await Authority.named('corp');
  const strangers = await Authority.named('other');
  shown = {
    edge: await ours.issue('edge', uri('spiffe://corp.example/edge'), 'client'),
    orders: await ours.issue('orders', uri('spiffe://corp.example/orders'), 'client'),
    strange: await strangers.issue('edge', uri('spiffe://corp.example/edge'), 'client'),
  };
  const server = await ours.issue('assay', [{ type: 'ip', value: '127.0.0.1' }], 'server');
  const tls = { ...server, clientAuthorities: ours.certificate };
  reception = await Reception.open();
  token = reception.context.good.build();
  http = await HttpEndpoint.before(reception, { tls });
  grpc = await GrpcEndpoint.before(reception, { tls });
});

afterAll(async () => {
  await http.close();
  await grpc.close();
});

describe('who may ask for others, where no proxy is trusted', () => {
  it.each(table)('over HTTP: %s', async (_name, who, caller, status) => {
    const own = who && { cert: shown[who].certificate, key: shown[who].key };
    const socket = connect({ port: http.port, host: '127.0.0.1', ca: ours.certificate, ...own });
    const target = caller === undefined ? '/authorize' : `/authorize?caller=${caller}`;
    const headers = { Authorization: `Bearer ${token}`, Connection: 'close', 'Content-Type': undefined };
    const [answer] = answersIn(await exchange(socket, request({ method: 'GET', target, headers }), false));
    expect(answer?.status).toBe(status);
  });

  it.each(table)('K-05 over gRPC, where a refusal is a denial: %s', async (_name, who, caller, status) => {
    const own = who && shown[who];
    const pair = own ? [Buffer.from(own.key), Buffer.from(own.certificate)] : [];
    const envoy = new EnvoyClient(grpc.port, credentials.createSsl(Buffer.from(ours.certificate), ...pair));
    const verdict = await envoy.check({ token, extensions: caller === undefined ? {} : { caller } });
    envoy.close();
    expect([verdict.rpc, verdict.http ?? 200]).toEqual(['OK', status]);
  });
});

describe('who may ask for others, by address', () => {
  it('nobody is trusted by default', async () => {
    const endpoint = await HttpEndpoint.open();
    expect((await authorize(endpoint, { token: endpoint.context.good.build() })).status).toBe(403);
    await endpoint.close();
  });

  it('H-15 K-08 what a stranger forwards does not make it a proxy', async () => {
    const endpoint = await HttpEndpoint.open({ trustedProxies: ['192.0.2.0/24'] });
    const headers = { 'X-Forwarded-For': '192.0.2.1', Forwarded: 'for=192.0.2.1', 'X-Real-IP': '192.0.2.1' };
    expect((await authorize(endpoint, { headers, token: endpoint.context.good.build() })).status).toBe(403);
    await endpoint.close();
  });

  it('H-15 a trusted proxy stays one, whoever it forwards for', async () => {
    const endpoint = await HttpEndpoint.open({ trustedProxies: ['127.0.0.1'] });
    const headers = { 'X-Forwarded-For': '203.0.113.9' };
    expect((await authorize(endpoint, { headers, token: endpoint.context.good.build() })).status).toBe(200);
    await endpoint.close();
  });

  it.each([
    ['', 'no caller'],
    ['caller=nobody', 'a caller that is not registered'],
    ['caller=orders', 'a caller that is no profile'],
    ['caller=edge-idle', 'a profile without any right'],
    ['caller=EDGE', 'a name in another case'],
  ])('a trusted proxy that asks with %j: %s', async (query) => {
    const endpoint = await HttpEndpoint.open({ trustedProxies: ['127.0.0.1'] });
    const answer = await authorize(endpoint, { query, token: endpoint.context.good.build() });
    expect([answer.status, answer.body]).toEqual([
      403,
      '{"error":"invalid_client","error_description":"this proxy may not ask"}',
    ]);
    expect(endpoint.log).toContain('caller refused');
    await endpoint.close();
  });

  it('X06 a profile without secrets is nobody at /introspect', async () => {
    const endpoint = await HttpEndpoint.open();
    const bytes = request({ headers: { Authorization: basic('edge', '') }, body: 'token=x' });
    expect((await talk(endpoint.port, bytes))[0]?.status).toBe(401);
    await endpoint.close();
  });
});
