import { once } from 'node:events';
import { connect } from 'node:net';
import type { ClientHttp2Session } from 'node:http2';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  callFrames,
  END_HEADERS,
  END_STREAM,
  fields,
  frame,
  goodFields,
  RawPeer,
  setting,
  text,
  type,
  uint32,
} from './support/frames.js';
import { GrpcEndpoint } from './support/grpc-endpoint.js';
import { callOn, rawSession } from './support/raw-call.js';

/** Error codes of RFC 9113 §7. */
const PROTOCOL_ERROR = 1;
const INTERNAL_ERROR = 2;
const ENHANCE_YOUR_CALM = 11;

/** What a flood may add to this process, client and server together, in bytes. */
const ROOM = 96 << 20;

let endpoint: GrpcEndpoint;
let neighbour: ClientHttp2Session;
let peer: RawPeer;

beforeAll(async () => {
  endpoint = await GrpcEndpoint.open();
  neighbour = rawSession(endpoint.port);
  await callOn(neighbour);
});

afterAll(async () => {
  neighbour.destroy();
  await endpoint.close();
});

beforeEach(async () => {
  peer = await RawPeer.connect(endpoint.port);
});

/** Whatever happened: the process is healthy, and a connection that was there before is served. */
afterEach(async () => {
  peer.close();
  expect((await callOn(neighbour)).status).toBe('OK');
});

const without = (name: string) => goodFields.filter(([one]) => one !== name);
const withPath = (path: string) =>
  without(':path')
    .concat([[':path', path]])
    .sort(pseudoFirst);
const pseudoFirst = ([a]: readonly [string, string], [b]: readonly [string, string]): number =>
  Number(b.startsWith(':')) - Number(a.startsWith(':'));

describe('H-08 fields that HTTP/2 does not allow', () => {
  it.each([
    ['a path with a space', withPath('/assay.v1.Introspection/Introspect HTTP/1.1')],
    ['a path with CRLF', withPath('/x\r\nauthorization: Basic x')],
    ['a path with NUL', withPath('/x\0')],
    ['an empty path', withPath('')],
    ['a path that does not begin with a slash', withPath('assay.v1.Introspection/Introspect')],
    ['no path', without(':path')],
    ['no method', without(':method')],
    ['no scheme', without(':scheme')],
    ['two paths', [[':path', '/'], ...goodFields]],
    ['two methods', [[':method', 'GET'], ...goodFields]],
    ['two authorities', [[':authority', 'other'], ...goodFields]],
    ['an unknown pseudo field', [[':evil', 'x'], ...goodFields]],
    ['a pseudo field of an answer', [[':status', '200'], ...goodFields]],
    ['a pseudo field after others', [...without(':path'), [':path', '/assay.v1.Introspection/Introspect']]],
    ['an upper-case name', [...goodFields, ['X-Upper', 'x']]],
    ['transfer-encoding', [...goodFields, ['transfer-encoding', 'chunked']]],
    ['connection', [...goodFields, ['connection', 'keep-alive']]],
    ['upgrade', [...goodFields, ['upgrade', 'h2c']]],
    ['te other than trailers', [...without('te'), ['te', 'gzip']]],
    ['a content-length that is too long', [...goodFields, ['content-length', '1000']]],
    ['a content-length that is no number', [...goodFields, ['content-length', '+7']]],
    ['two content-lengths', [...goodFields, ['content-length', '18'], ['content-length', '19']]],
  ] as [string, (readonly [string, string])[]][])(
    'H-08 %s: PROTOCOL_ERROR, and no token is looked at',
    async (_name, pairs) => {
      const before = endpoint.reception.introspected;
      peer.send(callFrames(1, pairs));
      expect(await peer.refusal(1)).toBe(PROTOCOL_ERROR);
      expect(endpoint.reception.introspected).toBe(before);
    },
  );

  it('H-08 a content-length that is too short: a stream error, and no token is looked at', async () => {
    const before = endpoint.reception.introspected;
    peer.send(callFrames(1, [...goodFields, ['content-length', '1']]));
    expect([PROTOCOL_ERROR, INTERNAL_ERROR]).toContain(await peer.refusal(1));
    expect(endpoint.reception.introspected).toBe(before);
  });

  it.each([
    ['a name with a space', 'x y', 'x'],
    ['a name with a colon', 'x:y', 'x'],
    ['an empty name', '', 'x'],
    ['a value with CRLF', 'x', 'a\r\nauthorization: Basic x'],
    ['a value with NUL', 'x', 'a\0b'],
  ])('H-08 %s: the field is dropped, and the call is what it is without', async (_name, name, value) => {
    const before = endpoint.reception.introspected;
    peer.send(callFrames(1, [...goodFields, [name, value]]));
    await peer.sees(({ flags, stream }) => stream === 1 && (flags & END_STREAM) !== 0);
    expect(endpoint.reception.introspected).toBe(before + 1);
  });

  it('H-08 credentials with CRLF are dropped, and so are none', async () => {
    const before = endpoint.reception.introspected;
    const [, credentials] = goodFields.find(([name]) => name === 'authorization')!;
    for (const [id, end] of [
      [1, '\r\n'],
      [3, '\r\nx: y'],
      [5, '\0'],
    ] as const) {
      peer.send(callFrames(id, [...without('authorization'), ['authorization', credentials + end]]));
      await peer.sees(({ flags, stream }) => stream === id && (flags & END_STREAM) !== 0);
    }
    expect(endpoint.reception.introspected).toBe(before);
  });

  it('H-08 an upgrade from HTTP/1.1 is not one, and nothing of HTTP/1.1 is answered', async () => {
    for (const upgrade of ['Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n', '']) {
      const socket = connect(endpoint.port, '127.0.0.1');
      const received: Buffer[] = [];
      socket.on('data', (bytes: Buffer) => received.push(bytes)).on('error', () => undefined);
      socket.write(`POST /assay.v1.Introspection/Introspect HTTP/1.1\r\nHost: assay\r\n${upgrade}\r\n`);
      await once(socket, 'close');
      expect(Buffer.concat(received).toString('latin1')).not.toContain('HTTP/1.1');
    }
  });
});

describe('H-09 floods', () => {
  /** Runs a flood. @returns bytes that this process has grown by */
  async function growth(flood: () => Promise<void>): Promise<number> {
    const before = process.memoryUsage().rss;
    await flood();
    return process.memoryUsage().rss - before;
  }

  it('H-09 rapid reset: GOAWAY, and the connection is closed', async () => {
    const grown = await growth(async () => {
      for (let id = 1; id < 40_000 && !peer.isClosed; id += 2) {
        await peer.pour(Buffer.concat([callFrames(id), frame(type.reset, 0, id, uint32(8))]), 1);
      }
      await peer.closed();
    });
    expect([ENHANCE_YOUR_CALM, INTERNAL_ERROR]).toContain(await peer.refusal(0));
    expect(grown).toBeLessThan(ROOM);
  });

  it('H-09 MadeYouReset: streams that the server has to reset close the connection as well', async () => {
    for (let id = 1; id < 40_000 && !peer.isClosed; id += 2) {
      await peer.pour(Buffer.concat([callFrames(id), frame(type.windowUpdate, 0, id, uint32(0))]), 1);
    }
    await peer.closed();
    expect(peer.isClosed).toBe(true);
  });

  it('H-09 CONTINUATION without end: closed, and the header block is not kept', async () => {
    const grown = await growth(async () => {
      peer.send(frame(type.headers, END_STREAM, 1, fields(goodFields)));
      await peer.pour(frame(type.continuation, 0, 1, fields([['x-filler', 'a'.repeat(1_000)]])), 100_000);
      await peer.closed();
    });
    expect(peer.isClosed).toBe(true);
    expect(grown).toBeLessThan(ROOM);
  });

  it.each([
    ['SETTINGS', frame(type.settings, 0, 0, setting(4, 65_535))],
    ['PING', frame(type.ping, 0, 0, Buffer.alloc(8))],
  ])('H-09 %s without reading the answers: closed, and answers are not heaped up', async (_name, one) => {
    peer.stall();
    const flood = Buffer.concat(Array.from({ length: 1_000 }, () => one));
    const grown = await growth(async () => {
      await peer.pour(flood, 2_000);
      await peer.closed();
    });
    expect(grown).toBeLessThan(ROOM);
  });

  it('H-09 a window of zero: what is held back for a hundred calls is bounded, and nobody else waits', async () => {
    peer.close();
    peer = await RawPeer.connect(endpoint.port, setting(4, 0));
    const token = endpoint.reception.context.good.with({ filler: 'x'.repeat(8_000) }).build();
    const before = endpoint.reception.introspected;
    const grown = await growth(async () => {
      for (let id = 1; id < 400; id += 2) peer.send(callFrames(id, goodFields, token));
      await peer.sees(({ type: kind }) => kind === type.reset);
    });
    expect(endpoint.reception.introspected - before).toBeLessThanOrEqual(100);
    expect(grown).toBeLessThan(ROOM);
  });

  it('H-09 an HPACK bomb: one entry of 4 KB, named ten thousand times, is not unpacked', async () => {
    const entry = Buffer.concat([Buffer.from([0x40]), text('x'), text('a'.repeat(4_000))]);
    const names = Buffer.alloc(10_000, 0x80 | 62);
    const grown = await growth(async () => {
      peer.send(frame(type.headers, END_HEADERS | END_STREAM, 1, Buffer.concat([fields(goodFields), entry, names])));
      expect([ENHANCE_YOUR_CALM, PROTOCOL_ERROR]).toContain(await peer.refusal(1));
    });
    expect(grown).toBeLessThan(ROOM);
  });

  it('H-09 more calls at a time than there may be: the connection is closed', async () => {
    for (let id = 1; id < 2 * 102; id += 2) peer.send(frame(type.headers, END_HEADERS, id, fields(goodFields)));
    expect(await peer.refusal(0)).toBe(PROTOCOL_ERROR);
    await peer.closed();
  });
});
