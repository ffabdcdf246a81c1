import { Metadata } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../fakes/eventually.js';
import { GrpcClient } from '../transport/grpc/support/client.js';
import { ordersApi } from './support/configuration.js';
import { leaksIn } from './support/leaks.js';
import { named, parent, spanNames, traceId, TracedProgram } from './support/traced-program.js';

/** Everything that a span of ours may say. */
const sayable =
  /^(assay\.\w+|http\.(request\.method|response\.status_code|route)|url\.(path|scheme|full)|network\.protocol\.version|server\.(address|port)|rpc\.(system\.name|method|response\.status_code)|db\.(system|operation)\.name|error\.type)$/;

const { http, rpc } = spanNames;

describe('a request that is traced', () => {
  let program: TracedProgram;
  let { issuer, collector, assay } = {} as TracedProgram;
  const planted = ['subject-canary-5Bq2', 'jti-canary-8Kd1'];
  const ask: TracedProgram['ask'] = (token, headers) => program.ask(token, headers);
  const traced: TracedProgram['traced'] = (n, token, more) => program.traced(n, token, more);

  beforeAll(async () => {
    program = await TracedProgram.start();
    ({ issuer, collector, assay } = program);
    program.planted.push(...planted);
  });

  afterAll(async () => {
    expect(await program.stop()).toBe(0);
  });

  it('shows the way from HTTP to Redis and to the issuer', async () => {
    await ask(await issuer.sign({ sub: planted[0]! }), {});
    await issuer.rotate();
    const token = await issuer.sign({ sub: planted[0]!, jti: planted[1]! });
    const spans = await traced(1, token);

    const server = named(spans, http);
    expect(server).toMatchObject({ kind: 2, parentSpanId: parent });
    expect(server.attributes).toMatchObject({
      'assay.door': 'introspect',
      'assay.caller': ordersApi.id,
      'assay.issuer': 'corp',
      'assay.outcome': 'active',
    });
    const resolve = named(spans, 'resolve key');
    expect(resolve.parentSpanId).toBe(server.spanId);
    const fetched = named(spans, 'fetch keys');
    expect(fetched).toMatchObject({ kind: 1, parentSpanId: resolve.spanId });
    expect(fetched.attributes).toEqual({ 'assay.issuer': 'corp', 'assay.result': 'published' });
    const operations = spans.filter(({ attributes }) => attributes['db.system.name'] === 'redis');
    expect(operations.map(({ attributes }) => attributes['db.operation.name'])).toContain('acquire');
    expect(operations.map(({ attributes }) => attributes['db.operation.name'])).toContain('commit');
    for (const { kind, parentSpanId } of operations) expect([kind, parentSpanId]).toEqual([3, resolve.spanId]);
  });

  it('RW3C-01, RW3C-02 tells the issuer which trace it belongs to', () => {
    const { traceparent } = issuer.lastHeaders;
    expect(traceparent).toMatch(new RegExp(`^00-${traceId(1)}-[0-9a-f]{16}-01$`));
  });

  it('names the rejection, and nothing of the token', async () => {
    const spans = await traced(2, await issuer.sign({ sub: planted[0]!, exp: 1 }));
    expect(named(spans, http).attributes).toMatchObject({
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
      span_id: named(collector.trace(traceId(2)), http).spanId,
    });
  });

  it('over gRPC, too', async () => {
    const token = await issuer.sign({ sub: planted[0]! });
    program.planted.push(...token.split('.'));
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
    expect(leaksIn(collector.bodies.join('\n'), program.planted)).toEqual([]);
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

  it('is counted by how its export ends, as metrics are', async () => {
    const exports = async (signal: string, result: string): Promise<number> => {
      const scraped = await program.scrape();
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
