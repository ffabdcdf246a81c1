import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GrpcService } from '../../../src/transport/grpc/grpc-service.js';
import { GrpcListener } from '../../../src/transport/grpc/grpc-listener.js';
import { Proto } from '../../../src/transport/grpc/load-proto.js';
import { SystemClock } from '../../../src/shared/clock.js';
import { basic } from '../http/support/requests.js';
import {
  callFrames,
  END_HEADERS,
  END_STREAM,
  fields,
  frame,
  goodFields,
  RawPeer,
  type,
  uint32,
} from './support/frames.js';
import { GrpcEndpoint } from './support/grpc-endpoint.js';
import { framed, rawCall, rawSession, requestBytes, type RawOutcome } from './support/raw-call.js';

const CANCEL = uint32(8);
const message = framed(requestBytes('not-a-token'));
const head = (stream: number): Buffer => frame(type.headers, END_HEADERS, stream, fields(goodFields));

describe('a call of one message', () => {
  let endpoint: GrpcEndpoint;
  let peer: RawPeer;

  beforeEach(async () => {
    endpoint = await GrpcEndpoint.open();
    peer = await RawPeer.connect(endpoint.port);
  });

  afterEach(async () => {
    peer.close();
    await endpoint.close();
  });

  const framesOf = (stream: number) => peer.frames.filter((seen) => seen.stream === stream);
  const ended = (stream: number) => peer.sees((seen) => seen.stream === stream && (seen.flags & END_STREAM) !== 0);

  it('is answered with headers, the message, and the status in the trailers', async () => {
    peer.send(callFrames(1));
    await ended(1);
    expect(framesOf(1).map(({ type: kind, flags }) => [kind, flags & END_STREAM])).toEqual([
      [type.headers, 0],
      [type.data, 0],
      [type.headers, END_STREAM],
    ]);
  });

  it('is refused with a status alone', async () => {
    const wrong = goodFields.map(([name, value]) =>
      name === 'authorization' ? ([name, basic('orders', 'wrong')] as const) : ([name, value] as const),
    );
    peer.send(callFrames(1, wrong));
    await ended(1);
    expect(framesOf(1).map(({ type: kind, flags }) => [kind, flags & END_STREAM])).toEqual([
      [type.headers, END_STREAM],
    ]);
  });

  it.each([
    ['no message', Buffer.alloc(0)],
    ['half a prefix', message.subarray(0, 3)],
    ['half a message', message.subarray(0, 9)],
    ['two messages', Buffer.concat([message, message])],
    ['a message and one byte', Buffer.concat([message, Buffer.from([0])])],
  ])('that has %s is UNIMPLEMENTED, and not begun', async (_name, body) => {
    const { status, data } = await rawCall(endpoint.port, { body });
    expect([status, data.length]).toEqual(['UNIMPLEMENTED', 0]);
    expect(endpoint.endedEarly).toEqual(['grpc_introspect malformed']);
    expect(endpoint.reception.introspected).toBe(0);
  });

  it('that says it is packed, and not how, is taken as it is', async () => {
    const { status } = await rawCall(endpoint.port, { body: framed(requestBytes('not-a-token'), 1) });
    expect(status).toBe('OK');
  });

  it('is begun when the client has ended it, and not before', async () => {
    peer.send(head(1), frame(type.data, 0, 1, message), callFrames(3));
    await ended(3);
    expect([endpoint.reception.introspected, framesOf(1)]).toEqual([1, []]);
    peer.send(frame(type.data, END_STREAM, 1));
    await ended(1);
    expect(endpoint.reception.introspected).toBe(2);
  });

  it('that is reset before its end is not begun, though its message is whole', async () => {
    peer.send(head(1), frame(type.data, 0, 1, message), frame(type.reset, 0, 1, CANCEL), callFrames(3));
    await ended(3);
    expect(endpoint.reception.introspected).toBe(1);
    expect(endpoint.endedEarly).toEqual(['grpc_introspect cancelled']);
  });
});

describe('connections without a call', () => {
  it('are closed after a while, and those with an open call are not', async () => {
    const endpoint = await GrpcEndpoint.open({ limits: { idleMs: 200 } });
    const busy = await RawPeer.connect(endpoint.port);
    busy.send(head(1));
    // A later one that does nothing is closed; by then the one before would have been told to leave, too.
    const idle = rawSession(endpoint.port);
    await once(idle, 'close');
    busy.send(frame(type.ping, 0, 0, Buffer.alloc(8)));
    await busy.sees(({ type: kind }) => kind === type.ping);
    expect(busy.frames.filter(({ type: kind }) => kind === type.goaway)).toEqual([]);
    busy.send(frame(type.data, END_STREAM, 1, message));
    await busy.closed();
    expect(busy.frames.some((seen) => seen.stream === 1 && (seen.flags & END_STREAM) !== 0)).toBe(true);
    await endpoint.close();
  });
});

describe('a method that is not as it should be', () => {
  async function outcomeOf(introspect: GrpcService['methods'][string]): Promise<RawOutcome> {
    const proto = Proto.load('assay/v1/introspection.proto');
    const clock = new SystemClock();
    const listener = await GrpcListener.prepare([{ name: 'assay.v1.Introspection', proto, methods: { introspect } }], {
      clock,
    });
    const port = await listener.listen({ host: '127.0.0.1', port: 0 });
    const outcome = await rawCall(port, {});
    await listener.close(clock);
    return outcome;
  }

  it.each([
    [
      'throws',
      () => {
        throw new Error('canary');
      },
    ],
    [
      'answers what is no message',
      (_call: unknown, answered: (e: null, a: object) => void) => {
        answered(null, { aud: 7 });
      },
    ],
  ])('and %s: INTERNAL, and nothing of it is said', async (_name, method) => {
    const { status, message: said } = await outcomeOf(method);
    expect([status, decodeURI(said ?? '')]).toEqual(['INTERNAL', 'internal error']);
  });

  it('and answers twice: the first answer counts', async () => {
    const twice = (_call: unknown, answered: (error: object | null, answer?: object) => void): void => {
      answered(null, { active: false });
      answered({ code: 13, details: 'late' });
    };
    expect((await outcomeOf(twice)).status).toBe('OK');
  });
});
