import { Metadata } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../fakes/eventually.js';
import { FakeIssuer, sendJson } from '../fakes/fake-issuer.js';
import { GrpcClient } from '../transport/grpc/support/client.js';
import { RedisServer } from '../redis/redis-server.js';
import { Scraped } from '../telemetry/support/scraped.js';
import { Collector, type ReceivedSpan } from '../telemetry/support/collector.js';
import { AssayProcess } from './support/assay-process.js';
import { callerSection, configurationOf, issuerSection, ordersApi } from './support/configuration.js';
import { leaksIn } from './support/leaks.js';

const traceId = (n: number): string => n.toString(16).padStart(32, '0');
const parent = 'b7ad6b7169203331';

/** Everything that a span of ours may say. */
const sayable =
  /^(assay\.\w+|http\.(request\.method|response\.status_code|route)|url\.(path|scheme|full)|network\.protocol\.version|server\.(address|port)|rpc\.(system\.name|method|response\.status_code)|db\.(system|operation)\.name|error\.type)$/;

/** As the semantic conventions of OpenTelemetry have it. */
const introspection = 'POST /introspect';
const rpc = 'assay.v1.Introspection/Introspect';

describe('a request that is traced', () => {
  let issuer: FakeIssuer;
  let redis: RedisServer;
  let collector: Collector;
  let assay: AssayProcess;
  const planted = ['subject-canary-5Bq2', 'jti-canary-8Kd1', ordersApi.secret];

  beforeAll(async () => {
    [issuer, redis, collector] = await Promise.all([FakeIssuer.start(), RedisServer.start(), Collector.start()]);
    assay = await AssayProcess.start(
      (ports) => ({
        ...configurationOf(ports, [issuerSection('corp', issuer)], { trustedProxies: ['127.0.0.1'] }),
        callers: [callerSection(ordersApi.id, ordersApi.secret)],
        redis: {
          url: redis.url,
          region: 'here',
          recordKeys: [{ id: 'k1', secret: 'f1c0ffee5ca1ab1e0ddba11ca55e77e5' }],
        },
        // Nothing is traced by chance: whoever is traced asked for it.
        telemetry: {
          tracing: { endpoint: collector.endpoint, sampleRatio: 0 },
          metrics: { endpoint: collector.endpoint, interval: '1s' },
        },
      }),
      { env: { OTEL_BSP_SCHEDULE_DELAY: '50' } },
    );
  });

  afterAll(async () => {
    expect(await assay.stop()).toBe(0);
    await Promise.all([issuer.stop(), redis.stop(), collector.stop()]);
  });

  async function ask(token: string, headers: Readonly<Record<string, string>>): Promise<Record<string, unknown>> {
    planted.push(...token.split('.'));
    const credentials = Buffer.from(`${ordersApi.id}:${ordersApi.secret}`).toString('base64');
    const response = await fetch(`${assay.publicUrl}/introspect`, {
      method: 'POST',
      headers: { authorization: `Basic ${credentials}`, ...headers },
      body: new URLSearchParams({ token }),
    });
    return (await response.json()) as Record<string, unknown>;
  }

  /** Asks with a trace id of its own, and waits for the server span. */
  async function traced(
    n: number,
    token: string,
    more: Readonly<Record<string, string>> = {},
  ): Promise<readonly ReceivedSpan[]> {
    await ask(token, { traceparent: `00-${traceId(n)}-${parent}-01`, ...more });
    await eventually(() => collector.trace(traceId(n)).some(({ name }) => name === introspection));
    return collector.trace(traceId(n));
  }

  const named = (spans: readonly ReceivedSpan[], name: string): ReceivedSpan => {
    const found = spans.find((span) => span.name === name);
    expect(found, `no ${name} among ${spans.map((span) => span.name).join(', ')}`).toBeDefined();
    return found!;
  };

  it('shows the way from HTTP to Redis and to the issuer', async () => {
    await ask(await issuer.sign({ sub: planted[0]! }), {});
    await issuer.rotate();
    const token = await issuer.sign({ sub: planted[0]!, jti: planted[1]! });
    const spans = await traced(1, token, { 'x-request-id': 'edge-4f1c' });

    const server = named(spans, introspection);
    expect(server).toMatchObject({ kind: 2, parentSpanId: parent });
    expect(server.attributes).toMatchObject({
      'assay.door': 'introspect',
      'assay.caller': ordersApi.id,
      'assay.issuer': 'corp',
      'assay.outcome': 'active',
      'assay.request_id': 'edge-4f1c',
      'http.request.method': 'POST',
      'http.route': '/introspect',
      'url.path': '/introspect',
      'url.scheme': 'http',
      'network.protocol.version': '1.1',
      'server.address': '127.0.0.1',
      'server.port': String(assay.ports.http),
      'http.response.status_code': '200',
    });
    const resolve = named(spans, 'resolve key');
    expect(resolve.parentSpanId).toBe(server.spanId);
    const fetched = named(spans, 'fetch keys');
    expect(fetched).toMatchObject({ kind: 1, parentSpanId: resolve.spanId });
    expect(fetched.attributes).toEqual({ 'assay.issuer': 'corp', 'assay.result': 'published' });
    const asked = spans.filter(({ parentSpanId }) => parentSpanId === fetched.spanId);
    expect(asked.map(({ name, kind }) => [name, kind])).toEqual(asked.map(() => ['GET', 3]));
    const { hostname, port } = new URL(issuer.origin);
    const place = { 'server.address': hostname, 'server.port': port };
    const request = { 'http.request.method': 'GET', 'url.full': `http://${hostname}:${port}/REDACTED`, ...place };
    expect(asked.at(-1)?.attributes).toEqual({ ...request, 'http.response.status_code': '200' });
    const operations = spans.filter(({ attributes }) => attributes['db.system.name'] === 'redis');
    const { hostname: redisHost, port: redisPort } = new URL(redis.url);
    for (const { name, attributes } of operations) {
      const database = { 'server.address': redisHost, 'server.port': redisPort };
      expect(attributes).toEqual({ 'db.system.name': 'redis', 'db.operation.name': name, ...database });
    }
    expect(operations.map(({ attributes }) => attributes['db.operation.name'])).toContain('acquire');
    expect(operations.map(({ attributes }) => attributes['db.operation.name'])).toContain('commit');
    for (const { kind, parentSpanId } of operations) expect([kind, parentSpanId]).toEqual([3, resolve.spanId]);
  });

  it('has a link to the fetch that another request has begun, where it waits for that', async () => {
    await issuer.rotate();
    const { promise: isAsked, resolve: asked } = Promise.withResolvers<undefined>();
    let answer = (): void => undefined;
    issuer.behaveForKeys((_request, response) => {
      answer = () => {
        sendJson(response, issuer.keySet());
      };
      asked(undefined);
    });
    const first = traced(50, await issuer.sign());
    await isAsked;
    const second = traced(51, await issuer.sign());
    await eventually(async () => {
      const scraped = new Scraped(await (await fetch(`${assay.managementUrl}/metrics`)).text());
      return scraped.value('assay_jwks_waiters', { issuer: 'corp', region: 'here' }) === 2;
    });
    issuer.recover();
    answer();

    const [causing, waiting] = [await first, await second];
    const cause = named(causing, 'resolve key');
    expect(named(waiting, 'resolve key').links).toMatchObject([{ traceId: traceId(50), spanId: cause.spanId }]);
    expect(cause.links).toEqual([]);
    expect(waiting.map(({ name }) => name)).not.toContain('fetch keys');
  });

  it('RW3C-01, RW3C-02 tells the issuer which trace it belongs to', () => {
    const { traceparent } = issuer.lastHeaders;
    expect(traceparent).toMatch(new RegExp(`^00-${traceId(50)}-[0-9a-f]{16}-01$`));
  });

  it('names the rejection, and nothing of the token', async () => {
    const spans = await traced(2, await issuer.sign({ sub: planted[0]!, exp: 1 }));
    expect(named(spans, introspection).attributes).toMatchObject({
      'assay.outcome': 'inactive',
      'assay.rejection': 'expired',
      'assay.issuer': 'corp',
    });
    const [unknown] = await traced(3, await issuer.sign({ sub: planted[0]!, iss: 'https://unknown.example' }));
    expect(unknown?.attributes).not.toHaveProperty('assay.issuer');
  });

  it('RW3C-02 carries the trace state of whoever asked', async () => {
    const [span] = await traced(4, await issuer.sign(), { tracestate: 'vendor=opaque' });
    expect(span?.traceState).toBe('vendor=opaque');
  });

  it('has its ids in the log', async () => {
    await eventually(() => assay.log.some((line) => line['trace_id'] === traceId(2)));
    const line = assay.log.find((each) => each['trace_id'] === traceId(2));
    expect(line).toMatchObject({
      msg: 'token is not active',
      span_id: named(collector.trace(traceId(2)), introspection).spanId,
    });
  });

  it('over gRPC, too', async () => {
    const token = await issuer.sign({ sub: planted[0]! });
    planted.push(...token.split('.'));
    const client = new GrpcClient(assay.ports.grpc);
    const metadata = new Metadata();
    metadata.set('traceparent', `00-${traceId(5)}-${parent}-01`);
    const authorization = `Basic ${Buffer.from(`${ordersApi.id}:${ordersApi.secret}`).toString('base64')}`;
    expect(await client.introspect(token, { authorization, metadata })).toMatchObject({ status: 'OK' });
    client.close();
    await eventually(() => collector.trace(traceId(5)).length > 0);
    const [span] = collector.trace(traceId(5));
    expect(span).toMatchObject({ name: rpc, kind: 2, parentSpanId: parent });
    expect(span?.attributes).toMatchObject({
      'assay.door': 'grpc_introspect',
      'assay.outcome': 'active',
      'rpc.system.name': 'grpc',
      'rpc.method': rpc,
      'rpc.response.status_code': 'OK',
    });
  });

  it.each([
    ['version ff', `ff-${traceId(16)}-${parent}-01`],
    ['no trace id', `00-${traceId(0)}-${parent}-01`],
    ['no parent', `00-${traceId(16)}-0000000000000000-01`],
    ['upper case', `00-${traceId(0xabc).toUpperCase()}-${parent}-01`],
    ['too short', `00-${traceId(16).slice(1)}-${parent}-01`],
    ['more than version 00 has', `00-${traceId(16)}-${parent}-01-more`],
    ['two of them', `00-${traceId(16)}-${parent}-01, 00-${traceId(17)}-${parent}-01`],
    ['not sampled', `00-${traceId(18)}-${parent}-00`],
  ])('RW3C-01 is not one whose traceparent says nothing: %s', async (_, traceparent) => {
    await ask(await issuer.sign(), { traceparent, tracestate: 'vendor=1' });
    // What was begun later arrives later.
    await traced(Date.now(), await issuer.sign());
    expect(collector.spans.filter((span) => [16, 17, 18, 0xabc].some((n) => span.traceId === traceId(n)))).toEqual([]);
  });

  it('RW3C-01 may come from a version that is still unknown', async () => {
    await ask(await issuer.sign(), { traceparent: `cc-${traceId(20)}-${parent}-01-what-the-future-brings` });
    await eventually(() => collector.trace(traceId(20)).length > 0);
    expect(collector.trace(traceId(20))[0]?.parentSpanId).toBe(parent);
  });

  it('says nothing but what spans may say (INV-01)', () => {
    expect(collector.spans.length).toBeGreaterThan(10);
    for (const { attributes } of collector.spans) {
      expect(Object.keys(attributes).filter((name) => !sayable.test(name))).toEqual([]);
    }
    expect(leaksIn(collector.bodies.join('\n'), planted)).toEqual([]);
  });

  it('is beside metrics that arrive by the same protocol, under the names that are scraped', async () => {
    await eventually(() => collector.metrics.has('assay_requests_total'));
    const arrived = [...collector.metrics.keys()];
    expect(arrived).toEqual(expect.arrayContaining(['assay_jwks_age_seconds', 'assay_build_info']));
    for (const resource of collector.resources) {
      expect(Object.keys(resource)).toEqual(
        expect.arrayContaining(['service.name', 'service.version', 'service.instance.id']),
      );
      expect(resource).toMatchObject({ 'service.name': 'assay' });
    }
    const names = Object.keys(collector.resources[0] ?? {});
    // What a machine or a process says about itself is nobody's business.
    expect(names.filter((name) => /^(process|host|os)\./.test(name))).toEqual([]);
  });

  it('goes with durations by the names, units and attributes of the semantic conventions', async () => {
    await eventually(() => collector.metrics.has('rpc.server.call.duration'));
    const series = (name: string) => collector.metrics.get(name);
    expect(series('http.server.request.duration')).toMatchObject({ unit: 's' });
    expect(series('http.server.request.duration')?.attributes).toContainEqual({
      'http.request.method': 'POST',
      'http.route': '/introspect',
      'http.response.status_code': '200',
      'url.scheme': 'http',
      'network.protocol.version': '1.1',
    });
    expect(series('rpc.server.call.duration')).toEqual({
      unit: 's',
      attributes: [{ 'rpc.system.name': 'grpc', 'rpc.method': rpc, 'rpc.response.status_code': 'OK' }],
    });
    const { hostname, port } = new URL(issuer.origin);
    expect(series('http.client.request.duration')?.attributes).toContainEqual({
      'http.request.method': 'GET',
      'server.address': hostname,
      'server.port': port,
      'url.scheme': 'http',
      'http.response.status_code': '200',
    });
    expect(series('nodejs.eventloop.delay.p99')).toEqual({ unit: 's', attributes: [{}] });
    expect(series('http_placerequest_duration_seconds')).toBeUndefined();
  });

  it('is counted by how its export ends, as metrics are', async () => {
    const exports = async (signal: string, result: string): Promise<number> => {
      const scraped = new Scraped(await (await fetch(`${assay.managementUrl}/metrics`)).text());
      return scraped.value('assay_telemetry_exports_total', { signal, result }) ?? Number.NaN;
    };
    expect(await exports('traces', 'success')).toBeGreaterThan(0);
    expect([await exports('traces', 'failure'), await exports('metrics', 'failure')]).toEqual([0, 0]);
    collector.behaviour = 'refuse';
    await ask(await issuer.sign(), { traceparent: `00-${traceId(29)}-${parent}-01` });
    await eventually(async () => (await exports('traces', 'failure')) > 0);
    await eventually(async () => (await exports('metrics', 'failure')) > 0);
    collector.behaviour = 'accept';
    const before = await exports('metrics', 'success');
    await eventually(async () => (await exports('metrics', 'success')) > before);
  });

  it('is dropped, and waited for no longer than a moment, when the collector hangs', async () => {
    collector.behaviour = 'hang';
    await ask(await issuer.sign(), { traceparent: `00-${traceId(30)}-${parent}-01` });
    const answered = await ask(await issuer.sign(), {});
    expect(answered['active']).toBe(true);
  });
});
