import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { EnvoyClient } from '../../gateway/support/envoy.js';
import { lengthDelimited as field, text } from '../../gateway/support/protobuf.js';
import { basic } from '../http/support/requests.js';
import { callFrames, END_HEADERS, END_STREAM, fields, frame, goodFields, RawPeer, type } from './support/frames.js';
import { GrpcEndpoint, type GrpcEndpointOptions } from './support/grpc-endpoint.js';
import { framed, rawCall, requestBytes } from './support/raw-call.js';

const checkPath = '/envoy.service.auth.v3.Authorization/Check';
const checkFields = goodFields.map(([name, value]) => [name, name === ':path' ? checkPath : value] as const);

let endpoint: GrpcEndpoint;
const peers: RawPeer[] = [];

async function open(options: GrpcEndpointOptions = {}): Promise<void> {
  endpoint = await GrpcEndpoint.open({ trustedProxies: ['127.0.0.1'], ...options });
}

async function peer(): Promise<RawPeer> {
  const connected = await RawPeer.connect(endpoint.port);
  peers.push(connected);
  return connected;
}

afterEach(async () => {
  for (const one of peers.splice(0)) one.close();
  await endpoint.close();
});

/** The answer on a stream, once it is whole. */
async function answerOn(one: RawPeer, stream: number): Promise<string> {
  await one.sees((seen) => seen.stream === stream && (seen.flags & END_STREAM) !== 0);
  return Buffer.concat(one.frames.filter((seen) => seen.stream === stream).map(({ payload }) => payload)).toString(
    'latin1',
  );
}

const prefix = (length: number): Buffer => framed(Buffer.alloc(0), 0, length);
const head = (stream: number, pairs: typeof goodFields = checkFields): Buffer =>
  frame(type.headers, END_HEADERS, stream, fields(pairs));
const data = (stream: number, bytes: Buffer): Buffer => frame(type.data, 0, stream, bytes);

describe('a question of Envoy that is large', () => {
  it('is answered like any other, with a path of 33 KiB that is in it twice', async () => {
    await open();
    const envoy = new EnvoyClient(endpoint.port);
    const path = `/orders?${'x'.repeat(33 * 1024)}`;
    const verdict = await envoy.check({
      token: endpoint.reception.context.good.build(),
      path,
      headers: { ':path': path },
    });
    envoy.close();
    expect([verdict.rpc, verdict.code]).toEqual(['OK', 'OK']);
    expect(endpoint.endedEarly).toEqual([]);
  });

  it.each([
    ['1 MiB', undefined, 1024 ** 2],
    ['what is configured', 4 * 1024 ** 2, 4 * 1024 ** 2],
  ])('beyond %s: an OK call with a denial, and it is counted', async (_name, extAuthz, limit) => {
    await open({ ...(extAuthz !== undefined && { extAuthz }) });
    const envoy = new EnvoyClient(endpoint.port);
    const under = await envoy.send(field(15, text('x'.repeat(limit - 1024))));
    const over = await envoy.send(Buffer.alloc(limit + 1));
    envoy.close();
    expect([under.rpc, under.http]).toEqual(['OK', 400]);
    expect([over.rpc, over.code, over.body]).toEqual([
      'OK',
      'PERMISSION_DENIED',
      '{"error":"invalid_request","error_description":"the request is too large"}',
    ]);
    expect(endpoint.endedEarly).toEqual(['ext_authz too_large']);
  });

  it.each([1024 ** 2 + 1, 0xffff_ffff])(
    'is denied by its length of %i alone, before any of it is there',
    async (length) => {
      await open();
      const one = await peer();
      one.send(head(1), data(1, prefix(length)));
      expect(await answerOn(one, 1)).toContain('the request is too large');
    },
  );

  it('is denied where it becomes too large when it is unpacked', async () => {
    await open();
    const headers = { ':path': checkPath, 'grpc-encoding': 'gzip' };
    const bomb = await rawCall(endpoint.port, { headers, body: framed(gzipSync(Buffer.alloc(32 << 20)), 1) });
    expect([bomb.status, bomb.data.toString('latin1').includes('too large')]).toEqual(['OK', true]);
    expect(endpoint.endedEarly).toEqual(['ext_authz too_large']);
  });
});

describe('whatever Envoy sends, the call is OK and denies', () => {
  it.each([
    ['bytes that are no message', framed(Buffer.from([0x0a])), {}, []],
    ['badly packed', framed(Buffer.from('not packed'), 1), { 'grpc-encoding': 'gzip' }, ['not_unpacked']],
    ['packed in an unknown way', framed(Buffer.from('x'), 1), { 'grpc-encoding': 'br' }, ['not_unpacked']],
    ['no message', Buffer.alloc(0), {}, ['malformed']],
    ['two messages', Buffer.concat([framed(Buffer.alloc(0)), framed(Buffer.alloc(0))]), {}, ['malformed']],
    ['a deadline that cannot be read', framed(Buffer.alloc(0)), { 'grpc-timeout': 'soon' }, ['malformed']],
  ] as [string, Buffer, Record<string, string>, string[]][])('%s', async (_name, body, headers, counted) => {
    await open();
    const outcome = await rawCall(endpoint.port, { headers: { ':path': checkPath, ...headers }, body });
    expect(outcome.status).toBe('OK');
    expect(outcome.data.toString('latin1')).toMatch(/cannot be read|not an HTTP request with a path/);
    expect(endpoint.endedEarly).toEqual(counted.map((reason) => `ext_authz ${reason}`));
  });

  it('a message that never becomes whole before the deadline', async () => {
    await open();
    const one = await peer();
    one.send(head(1, [...checkFields, ['grpc-timeout', '50m']]), data(1, prefix(100)), data(1, Buffer.from([0x0a])));
    expect(await answerOn(one, 1)).toContain('temporarily_unavailable');
    expect(endpoint.endedEarly).toEqual(['ext_authz deadline']);
  });
});

describe('unfinished messages', () => {
  it('of all connections have one room: those that occupy most are refused, and others go on', async () => {
    await open({ limits: { unfinishedBytes: 1024 ** 2 } });
    const slow = await Promise.all(Array.from({ length: 20 }, () => peer()));
    for (const one of slow) {
      one.send(head(1), data(1, prefix(100_000)));
      for (let i = 0; i < 6; i++) one.send(data(1, Buffer.alloc(10_000)));
    }
    const denied = (): number => endpoint.endedEarly.filter((each) => each === 'ext_authz no_room').length;
    const envoy = new EnvoyClient(endpoint.port);
    const token = endpoint.reception.context.good.build();
    // 20 × 60 KB, for which up to twice as much is kept, in a room of 1 MiB.
    while (denied() < 5) expect((await envoy.check({ token })).code).toBe('OK');
    const path = `/${'x'.repeat(100_000)}`;
    expect((await envoy.check({ token, path })).code).toBe('OK');
    envoy.close();
  });

  it('that came whole and whose call never ends count as well', async () => {
    await open({ limits: { unfinishedBytes: 200_000 } });
    const one = await peer();
    for (const stream of [1, 3, 5, 7, 9]) {
      one.send(head(stream, goodFields), data(stream, prefix(16_000)), data(stream, Buffer.alloc(16_000)));
      one.send(head(stream + 100, goodFields), data(stream + 100, prefix(60_000)));
    }
    one.close();
    const two = await peer();
    for (let stream = 1; stream < 40; stream += 2) {
      two.send(head(stream, goodFields), data(stream, prefix(15_000)), data(stream, Buffer.alloc(15_000)));
    }
    await two.sees((seen) => seen.type === type.headers);
    expect(endpoint.endedEarly).toContain('grpc_introspect no_room');
  });

  it('in pieces of one byte are read as if they came at once', async () => {
    await open();
    const one = await peer();
    const message = framed(requestBytes(endpoint.reception.context.good.build()));
    one.send(
      head(1, goodFields),
      ...[...message].map((byte) => data(1, Buffer.from([byte]))),
      frame(type.data, END_STREAM, 1),
    );
    expect(await answerOn(one, 1)).toContain('alice');
    expect(endpoint.endedEarly).toEqual([]);
  });

  it('leave their room when their client goes', async () => {
    await open({ limits: { unfinishedBytes: 150_000 } });
    for (let i = 0; i < 5; i++) {
      const one = await peer();
      one.send(
        head(1, goodFields),
        data(1, prefix(60_000)),
        ...Array.from({ length: 4 }, () => data(1, Buffer.alloc(14_000))),
      );
      one.send(callFrames(3));
      await answerOn(one, 3);
      one.close();
      const known = i + 1;
      while (endpoint.endedEarly.length < known) await rawCall(endpoint.port, {});
    }
    expect(new Set(endpoint.endedEarly)).toEqual(new Set(['grpc_introspect cancelled']));
  });
});

describe('calls that end before they are a question are counted', () => {
  it.each([
    ['grpc_introspect too_large', { body: framed(Buffer.alloc(64 * 1024 + 1)) }],
    ['grpc_introspect not_unpacked', { headers: { 'grpc-encoding': 'br' }, body: framed(Buffer.from('x'), 1) }],
    ['grpc_introspect malformed', { body: Buffer.alloc(0) }],
    ['grpc_introspect malformed', { headers: { 'content-type': 'text/plain' } }],
    ['grpc_introspect deadline', { headers: { 'grpc-timeout': '0m' } }],
    ['other unimplemented', { headers: { ':path': '/assay.v1.Introspection/Nothing' } }],
    ['other malformed', { headers: { ':path': '/', 'content-type': 'text/plain' } }],
    [
      'other too_large',
      { headers: { ':path': '/grpc.health.v1.Health/Check' }, body: framed(Buffer.alloc(64 * 1024 + 1)) },
    ],
  ])('%s', async (counted, parts) => {
    await open();
    await rawCall(endpoint.port, parts);
    expect(endpoint.endedEarly).toEqual([counted]);
    expect(endpoint.reception.introspected).toBe(0);
  });

  it('one that is cancelled before its message is whole', async () => {
    await open();
    const one = await peer();
    one.send(head(1, goodFields), data(1, prefix(10)), frame(type.reset, 0, 1, Buffer.from([0, 0, 0, 8])));
    while (endpoint.endedEarly.length === 0) await rawCall(endpoint.port, {});
    expect(endpoint.endedEarly).toEqual(['grpc_introspect cancelled']);
  });
});

describe('bytes that are no message', () => {
  const body = framed(Buffer.from([0x0a]));

  it('are refused when it is known who asks, and not before', async () => {
    await open();
    expect((await rawCall(endpoint.port, { body })).status).toBe('INVALID_ARGUMENT');
    const stranger = await rawCall(endpoint.port, { body, headers: { authorization: basic('orders', 'wrong') } });
    expect(stranger.status).toBe('UNAUTHENTICATED');
  });

  it.each(['Check', 'Watch'])('are no question about the health: %s', async (method) => {
    await open();
    const headers = { ':path': `/grpc.health.v1.Health/${method}` };
    expect((await rawCall(endpoint.port, { body, headers })).status).toBe('INVALID_ARGUMENT');
  });
});
