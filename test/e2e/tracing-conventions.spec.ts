import { Metadata } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../fakes/eventually.js';
import { sendJson } from '../fakes/fake-issuer.js';
import { GrpcClient } from '../transport/grpc/support/client.js';
import { ordersApi } from './support/configuration.js';
import { named, parent, spanNames, traceId, TracedProgram } from './support/traced-program.js';

const { http, rpc } = spanNames;

/** As the semantic conventions of OpenTelemetry have it: what a collector shows of a service that it does not know. */
describe('what a collector receives', () => {
  let program: TracedProgram;

  beforeAll(async () => {
    program = await TracedProgram.start();
    await program.ask(await program.issuer.sign(), {});
  });

  afterAll(() => program.stop());

  /** Where something listens, by the names of the conventions. */
  const placeOf = (url: string) => {
    const { hostname, port } = new URL(url);
    return { 'server.address': hostname, 'server.port': Number(port) };
  };

  it('a request over HTTP, the requests to the issuer that it causes, and what Redis is asked', async () => {
    const { issuer, redis, assay } = program;
    await issuer.rotate();
    const spans = await program.traced(1, await issuer.sign(), { 'x-request-id': 'edge-4f1c' });
    expect(named(spans, http).attributes).toMatchObject({
      'http.request.method': 'POST',
      'http.route': '/introspect',
      'url.path': '/introspect',
      'url.scheme': 'http',
      'network.protocol.version': '1.1',
      'http.response.status_code': 200,
      ...placeOf(assay.publicUrl),
      'assay.request_id': 'edge-4f1c',
    });
    const { spanId } = named(spans, 'fetch keys');
    const requests = spans.filter(({ parentSpanId }) => parentSpanId === spanId);
    expect(requests.length).toBeGreaterThan(0);
    for (const { name, kind, attributes } of requests) {
      expect([name, kind]).toEqual(['GET', 3]);
      expect(attributes).toEqual({
        'http.request.method': 'GET',
        'url.full': `${issuer.origin}/REDACTED`,
        'http.response.status_code': 200,
        ...placeOf(issuer.origin),
      });
    }
    const operations = spans.filter(({ attributes }) => attributes['db.system.name'] === 'redis');
    expect(operations.length).toBeGreaterThan(1);
    for (const { name, kind, attributes } of operations) {
      const database = { 'db.system.name': 'redis', 'db.operation.name': name };
      expect([kind, attributes]).toEqual([3, { ...database, ...placeOf(redis.url) }]);
    }
  });

  it('a call over gRPC', async () => {
    const { issuer, collector, assay } = program;
    const client = new GrpcClient(assay.ports.grpc);
    const metadata = new Metadata();
    metadata.set('traceparent', `00-${traceId(2)}-${parent}-01`);
    const authorization = `Basic ${Buffer.from(`${ordersApi.id}:${ordersApi.secret}`).toString('base64')}`;
    await client.introspect(await issuer.sign(), { authorization, metadata });
    client.close();
    await eventually(() => collector.trace(traceId(2)).length > 0);
    const call = { 'rpc.system.name': 'grpc', 'rpc.method': rpc, 'rpc.response.status_code': 'OK' };
    expect(named(collector.trace(traceId(2)), rpc).attributes).toMatchObject(call);
  });

  it('a link to the fetch that another request has begun, where one waits for that', async () => {
    const { issuer } = program;
    await issuer.rotate();
    const { promise: isAsked, resolve: asked } = Promise.withResolvers<undefined>();
    let answer = (): void => undefined;
    issuer.behaveForKeys((_request, response) => {
      answer = () => {
        sendJson(response, issuer.keySet());
      };
      asked(undefined);
    });
    const first = program.traced(50, await issuer.sign());
    await isAsked;
    const second = program.traced(51, await issuer.sign());
    const labels = { issuer: 'corp', region: 'here' };
    await eventually(async () => (await program.scrape()).value('assay_jwks_waiters', labels) === 2);
    issuer.recover();
    answer();

    const [causing, waiting] = [await first, await second];
    const cause = named(causing, 'resolve key');
    expect(named(waiting, 'resolve key').links).toMatchObject([{ traceId: traceId(50), spanId: cause.spanId }]);
    expect(cause.links).toEqual([]);
    expect(waiting.map(({ name }) => name)).not.toContain('fetch keys');
  });

  it('durations by the names, units and attributes of the conventions', async () => {
    const { collector, issuer } = program;
    await eventually(() => collector.metrics.has('rpc.server.call.duration'));
    const series = (name: string) => collector.metrics.get(name);
    expect(series('http.server.request.duration')).toMatchObject({ unit: 's' });
    expect(series('http.server.request.duration')?.attributes).toContainEqual({
      'http.request.method': 'POST',
      'http.route': '/introspect',
      'http.response.status_code': 200,
      'url.scheme': 'http',
      'network.protocol.version': '1.1',
    });
    expect(series('rpc.server.call.duration')).toEqual({
      unit: 's',
      attributes: [{ 'rpc.system.name': 'grpc', 'rpc.method': rpc, 'rpc.response.status_code': 'OK' }],
    });
    const [service, method] = rpc.split('/');
    expect(series('rpc.server.duration')).toEqual({
      unit: 'ms',
      attributes: [{ 'rpc.system': 'grpc', 'rpc.service': service, 'rpc.method': method, 'rpc.grpc.status_code': 0 }],
    });
    expect(series('http.client.request.duration')?.attributes).toContainEqual({
      'http.request.method': 'GET',
      'url.scheme': 'http',
      'http.response.status_code': 200,
      ...placeOf(issuer.origin),
    });
    expect(series('nodejs.eventloop.delay.p99')).toEqual({ unit: 's', attributes: [{}] });
    expect(series('http_server_request_duration_seconds')).toBeUndefined();
  });
});
