import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { gzipSync, deflateSync } from 'node:zlib';
import { GrpcEndpoint } from './support/grpc-endpoint.js';
import {
  callOn,
  framed,
  rawCall,
  rawSession,
  requestBytes,
  type RawOutcome,
  type RawParts,
} from './support/raw-call.js';

/** RST_STREAM codes of RFC 9113 §7. */
const ENHANCE_YOUR_CALM = 11;

let endpoint: GrpcEndpoint;
let token: string;

beforeAll(async () => {
  endpoint = await GrpcEndpoint.open();
  token = endpoint.reception.context.good.build();
});

afterAll(() => endpoint.close());

const call = (parts: RawParts): Promise<RawOutcome> => rawCall(endpoint.port, parts);

/** What was answered, and that the endpoint is as it was. */
async function answered(parts: RawParts): Promise<string | undefined> {
  const { status } = await call(parts);
  expect((await call({ body: framed(requestBytes(token)) })).data.length).toBeGreaterThan(100);
  return status;
}

describe('H-18 messages', () => {
  it('H-18 one byte more than 4 MiB: RESOURCE_EXHAUSTED', async () => {
    expect(await answered({ body: framed(Buffer.alloc(4 * 1024 * 1024 + 1)) })).toBe('RESOURCE_EXHAUSTED');
  });

  it('H-18 RGRPC-02 a length of 4 GiB that never comes: RESOURCE_EXHAUSTED at once', async () => {
    expect(await answered({ body: framed(Buffer.from('x'), 0, 0xffff_ffff) })).toBe('RESOURCE_EXHAUSTED');
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
  ])(
    'H-18 a bomb, packed with %s: RESOURCE_EXHAUSTED, and nothing is unpacked beyond the limit',
    async (encoding, pack) => {
      const bomb = pack(Buffer.alloc(32 << 20));
      expect(bomb.length).toBeLessThan(64 * 1024);
      const before = process.memoryUsage().rss;
      const parts = { headers: { 'grpc-encoding': encoding }, body: framed(bomb, 1) };
      expect(await answered(parts)).toBe('RESOURCE_EXHAUSTED');
      expect(process.memoryUsage().rss - before).toBeLessThan(32 << 20);
    },
  );

  it('H-18 a packed message that is not a bomb is read', async () => {
    const body = framed(gzipSync(requestBytes(token)), 1);
    expect((await call({ headers: { 'grpc-encoding': 'gzip' }, body })).status).toBe('OK');
  });

  it.each([
    ['br', requestBytes('x'), 'UNIMPLEMENTED'],
    ['gzip, gzip', requestBytes('x'), 'UNIMPLEMENTED'],
    ['gzip', Buffer.from('not packed'), 'INTERNAL'],
  ])('H-18 packed with %s: a status of gRPC', async (encoding, bytes, status) => {
    expect(await answered({ headers: { 'grpc-encoding': encoding }, body: framed(bytes, 1) })).toBe(status);
  });

  it.each([
    ['a tag that is cut off', Buffer.from([0x0a])],
    ['a group that never ends', Buffer.from([0x0b])],
    ['a wire type that there is not', Buffer.from([0x0f, 0x00])],
    ['a varint without end', Buffer.alloc(64, 0xff)],
    ['field number zero', Buffer.from([0x02, 0x01, 0x61])],
    ['ten thousand nested groups', Buffer.alloc(10_000, 0x1b)],
    ['JSON', Buffer.from('{"token":"x"}')],
  ])('H-18 bad protobuf, %s: INVALID_ARGUMENT, and the same constant words', async (_name, bytes) => {
    const { status, message } = await call({ body: framed(bytes) });
    expect(status).toBe('INVALID_ARGUMENT');
    expect(decodeURI(message!)).toMatch(/^(the message cannot be read|the token is missing)$/);
  });

  it('H-18 a length beyond the end: there is less of a token, and so none', async () => {
    const { status, data } = await call({ body: framed(Buffer.from([0x0a, 0x7f, 0x61])) });
    expect([status, data]).toEqual(['OK', framed(Buffer.alloc(0))]);
  });

  it('H-18 unknown fields are ignored, and of a repeated one the last counts, as protobuf has it', async () => {
    const unknown = Buffer.concat([Buffer.from([0x7a, 0x01, 0x61]), requestBytes('x'), requestBytes(token)]);
    expect((await call({ body: framed(unknown) })).data.length).toBeGreaterThan(100);
  });

  it.each([
    ['bytes that are no frame', Buffer.concat([framed(requestBytes('x')), Buffer.from('tail')])],
    ['a second message', Buffer.concat([framed(requestBytes('x')), framed(requestBytes('y'))])],
    ['half a frame', framed(requestBytes('x')).subarray(0, 6)],
    ['nothing', Buffer.alloc(0)],
  ])('H-18 a body of %s: answered once, whatever it is', async (_name, body) => {
    expect(['OK', 'UNIMPLEMENTED', 'INTERNAL']).toContain(await answered({ body }));
  });
});

describe('H-18 paths and fields', () => {
  it.each([
    '/assay.v1.Introspection/Nothing',
    '/assay.v1.Nothing/Introspect',
    '/assay.v1.introspection/introspect',
    '/assay.v1.Introspection/Introspect/',
    '//assay.v1.Introspection/Introspect',
    '/assay.v1.Introspection/Introspect?token=canary',
    '/canary-%0d%0a',
    '/__proto__',
  ])('H-18 H-12 %s: UNIMPLEMENTED, and it is not repeated', async (path) => {
    const { status, message } = await call({ headers: { ':path': path } });
    expect(status).toBe('UNIMPLEMENTED');
    expect(message).not.toMatch(/canary|assay|proto/i);
  });

  it.each([undefined, 'application/json', 'text/plain', 'application/x-www-form-urlencoded'])(
    'H-18 content type %s: 415',
    async (type) => {
      expect((await call({ headers: { 'content-type': type } })).httpStatus).toBe(415);
    },
  );

  it('H-18 10⁴ metadata entries: ENHANCE_YOUR_CALM, which clients read as RESOURCE_EXHAUSTED', async () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`x-${i}`, '1']));
    const session = rawSession(endpoint.port);
    const outcome = await callOn(session, { headers: many });
    session.destroy();
    expect(outcome.status).toBeUndefined();
    expect(await answered({})).toBe('OK');
  });

  it('H-18 129 metadata entries: ENHANCE_YOUR_CALM, and the connection goes on', async () => {
    const session = rawSession(endpoint.port);
    const many = Object.fromEntries(Array.from({ length: 129 }, (_, i) => [`x-${i}`, '1']));
    expect(await callOn(session, { headers: many })).toMatchObject({ reset: ENHANCE_YOUR_CALM });
    expect((await callOn(session)).status).toBe('OK');
    session.destroy();
  });

  it('X15 metadata of more than 64 KiB: no call, and the next connection is served', async () => {
    expect((await call({ headers: { 'x-large': 'a'.repeat(70_000) } })).status).toBeUndefined();
    expect(await answered({})).toBe('OK');
  });

  it('H-18 binary metadata, good or not, changes nothing', async () => {
    for (const value of ['AAECAw==', 'not base64!', '', '=']) {
      expect(await answered({ headers: { 'x-bytes-bin': value } })).toBe('OK');
    }
  });

  it.each(['0n', '0m', '0S'])('H-18 RGRPC-02 a deadline of %s: DEADLINE_EXCEEDED, and no work', async (timeout) => {
    const before = endpoint.reception.introspected;
    expect((await call({ headers: { 'grpc-timeout': timeout } })).status).toBe('DEADLINE_EXCEEDED');
    expect(endpoint.reception.introspected).toBe(before);
  });

  it.each(['canary', '1', '-1S', '', '1x'])(
    'H-18 a deadline of "%s": a status, and it is not repeated',
    async (timeout) => {
      const { status, message = '' } = await call({ headers: { 'grpc-timeout': timeout } });
      expect(['INTERNAL', 'OK', 'DEADLINE_EXCEEDED']).toContain(status);
      expect(message).not.toContain('canary');
    },
  );

  it('INV-01 what the library cannot read it does not write anywhere', async () => {
    const written = [vi.spyOn(console, 'error'), vi.spyOn(process.stderr, 'write')];
    await call({ headers: { authorization: 'Bearer canary\u00e9', 'x-canary': 'caf\u00e9' } });
    for (const spy of written) expect(spy).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it('H-13 nothing from outside can write a line into the log', async () => {
    const evil = 'x"}{"level":"error","msg":"canary"}';
    const before = endpoint.reception.logLines.length;
    await call({ headers: { 'user-agent': evil, 'x-request-id': evil, traceparent: evil } });
    const hostile = endpoint.reception.context.good.with({ iss: evil }).header({ kid: evil }).build();
    await call({ body: framed(requestBytes(hostile)) });
    const lines = endpoint.reception.logLines.slice(before);
    expect(lines).toHaveLength(2);
    expect(lines.join('')).not.toContain('canary');
  });
});
