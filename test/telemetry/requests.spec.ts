import { connect } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { KeysUnavailable } from '../../src/keys/key-resolver.js';
import { Reception, type ReceptionOptions } from '../endpoints/reception.js';
import { EnvoyClient } from '../gateway/support/envoy.js';
import { authorize } from '../gateway/support/authorize.js';
import { GrpcClient } from '../transport/grpc/support/client.js';
import { GrpcEndpoint } from '../transport/grpc/support/grpc-endpoint.js';
import { ask } from '../transport/http/support/ask.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';
import { talk } from '../transport/http/support/raw-http.js';
import { basic, request } from '../transport/http/support/requests.js';
import { Scraped } from './support/scraped.js';

/** What operators learn of requests, at each endpoint. */
describe('requests are counted by endpoint, caller and outcome', () => {
  let close: (() => Promise<void>) | undefined;

  afterEach(async () => {
    await close?.();
    close = undefined;
  });

  async function open(options: ReceptionOptions = {}) {
    const reception = await Reception.open(options);
    const trustedProxies = ['127.0.0.1'];
    const http = await HttpEndpoint.before(reception, { trustedProxies });
    const grpc = await GrpcEndpoint.before(reception, { trustedProxies });
    close = async () => {
      await Promise.all([http.close(), grpc.close()]);
    };
    const scrape = async () => new Scraped(await reception.telemetry.reader.scrape());
    const count = async (endpoint: string, caller: string, outcome: string) =>
      (await scrape()).value('assay_requests_total', { door: endpoint, ...(caller && { caller }), outcome });
    return { http, grpc, scrape, count, good: reception.context.good };
  }

  it('POST /introspect', async () => {
    const { http, good, count, scrape } = await open();
    const token = (of = good) => ({ body: `token=${of.build()}` });
    await ask(http, token());
    await ask(http, token());
    await ask(http, token(good.expiredAt(http.context.now)));
    await ask(http, token(good.from('https://unknown.example')));
    await ask(http, { ...token(), headers: { Authorization: basic('orders', 'wrong') } });
    await ask(http, { ...token(), headers: { Authorization: basic('nobody', 'wrong') } });
    await ask(http, { body: 'nothing=1' });

    expect(await count('introspect', 'orders', 'active')).toBe(2);
    expect(await count('introspect', 'orders', 'inactive')).toBe(2);
    // The wrong secret, and the missing parameter: both times it is known who claims to ask.
    expect(await count('introspect', 'orders', 'refused')).toBe(2);
    expect(await count('introspect', '', 'refused')).toBe(1);
    const rejections = await scrape();
    expect(rejections.value('assay_rejections_total', { issuer: 'main', reason: 'expired' })).toBe(1);
    expect(rejections.value('assay_rejections_total', { reason: 'issuer_unknown' })).toBe(1);
  });

  it('measures each of them once', async () => {
    const { http, good, scrape } = await open();
    for (let i = 0; i < 3; i++) await ask(http, { body: `token=${good.build()}` });
    const labels = { door: 'introspect', caller: 'orders', outcome: 'active' };
    const scraped = await scrape();
    expect(scraped.value('assay_request_duration_seconds_count', labels)).toBe(3);
    expect(scraped.value('assay_request_duration_seconds_bucket', { ...labels, le: '+Inf' })).toBe(3);
  });

  it('a caller that asks too often', async () => {
    const { http, good, count } = await open();
    const parts = { headers: { Authorization: basic('limited') }, body: `token=${good.build()}` };
    for (let i = 0; i < 5; i++) await ask(http, parts);
    expect(await count('introspect', 'limited', 'active')).toBe(2);
    expect(await count('introspect', 'limited', 'limited')).toBe(3);
  });

  it('what is no resource, and what is no question', async () => {
    const { http, count } = await open();
    await talk(http.port, request({ method: 'GET', target: '/nothing/of/ours' }));
    await talk(http.port, request({ method: 'GET', target: '/.well-known/oauth-authorization-server' }));
    expect(await count('other', '', 'refused')).toBe(1);
    expect(await count('metadata', '', 'answered')).toBe(1);
  });

  it('what is refused for its frame, or never comes to its end', async () => {
    const { http, count } = await open();
    const refused = [
      request({ target: `/introspect?${'a'.repeat(5_000)}` }),
      request({ headers: { Host: undefined } }),
      request({ headers: { 'Content-Length': undefined, 'Transfer-Encoding': 'gzip, chunked' } }),
      request({ version: '2.0' }),
      request({ headers: { Expect: 'miracles' } }),
      Buffer.from('CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n'),
    ];
    for (const bytes of refused) await talk(http.port, bytes);
    expect(await count('introspect', '', 'refused')).toBe(5);
    expect(await count('other', '', 'refused')).toBe(1);
    // Half a body, and a body of which there is nothing more than a promise when the client has gone.
    await talk(http.port, request({ body: 'token=a', headers: { 'Content-Length': '70' } }));
    const gone = connect(http.port, '127.0.0.1');
    gone.write(request({ headers: { 'Content-Length': '70' } }));
    await vi.waitFor(async () => {
      expect(await count('introspect', '', 'refused')).toBe(6);
    });
    gone.resetAndDestroy();
    await vi.waitFor(async () => {
      expect(await count('introspect', '', 'refused')).toBe(7);
    });
  });

  it('/authorize', async () => {
    const { http, good, count, scrape } = await open();
    const token = good.with({ scope: 'orders:read' }).build();
    await authorize(http, { token });
    await authorize(http, { token, query: 'caller=edge&scope=orders:write' });
    await authorize(http, { token: good.with({ cnf: { jkt: 'A'.repeat(43) } }).build() });
    await authorize(http, {});
    expect(await count('authorize', 'edge', 'active')).toBe(1);
    expect(await count('authorize', 'edge', 'insufficient_scope')).toBe(1);
    expect(await count('authorize', 'edge', 'inactive')).toBe(1);
    expect(await count('authorize', 'edge', 'refused')).toBe(1);
    expect((await scrape()).value('assay_rejections_total', { issuer: 'main', reason: 'proof_missing' })).toBe(1);
  });

  it('gRPC Introspect', async () => {
    const { grpc, good, count } = await open();
    const client = new GrpcClient(grpc.port);
    await client.introspect(good.build());
    await client.introspect('not a token');
    await client.introspect(good.build(), { authorization: basic('orders', 'wrong') });
    client.close();
    expect(await count('grpc_introspect', 'orders', 'active')).toBe(1);
    expect(await count('grpc_introspect', 'orders', 'inactive')).toBe(1);
    expect(await count('grpc_introspect', 'orders', 'refused')).toBe(1);
  });

  it('ext_authz, whose denials are answers like any other to gRPC', async () => {
    const { grpc, good, count } = await open();
    const client = new EnvoyClient(grpc.port);
    await client.check({ token: good.build() });
    await client.check({ token: 'not a token' });
    await client.check({ token: good.build(), extensions: { caller: 'nobody' } });
    client.close();
    expect(await count('ext_authz', 'edge', 'active')).toBe(1);
    expect(await count('ext_authz', 'edge', 'inactive')).toBe(1);
    expect(await count('ext_authz', '', 'refused')).toBe(1);
  });

  it('what nobody can know, and what is our own fault', async () => {
    let failure: Error = new KeysUnavailable('main', 7);
    const { http, grpc, good, count } = await open({
      keys: () => ({ known: () => undefined, holds: () => false, find: () => Promise.reject(failure) }),
    });
    const parts = { body: `token=${good.build()}` };
    const grpcClient = new GrpcClient(grpc.port);
    const envoyClient = new EnvoyClient(grpc.port);
    await ask(http, parts);
    await grpcClient.introspect(good.build());
    await envoyClient.check({ token: good.build() });
    failure = new Error('unforeseen');
    await ask(http, parts);
    await grpcClient.introspect(good.build());
    await envoyClient.check({ token: good.build() });
    grpcClient.close();
    envoyClient.close();
    for (const outcome of ['unavailable', 'failed']) {
      expect(await count('introspect', 'orders', outcome)).toBe(1);
      expect(await count('grpc_introspect', 'orders', outcome)).toBe(1);
      expect(await count('ext_authz', 'edge', outcome)).toBe(1);
    }
  });
});
