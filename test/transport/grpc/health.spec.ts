import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SystemClock } from '../../../src/shared/clock.js';
import { GrpcClient } from './support/client.js';
import { END_HEADERS, END_STREAM, fields, frame, goodFields, RawPeer, type } from './support/frames.js';
import { GrpcEndpoint } from './support/grpc-endpoint.js';
import { framed, rawCall, rawSession } from './support/raw-call.js';

const NAME = 'assay.v1.Introspection';
const REFLECTION = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';
const WATCH = '/grpc.health.v1.Health/Watch';

describe('grpc.health.v1', () => {
  let endpoint: GrpcEndpoint;
  let client: GrpcClient;

  beforeEach(async () => {
    endpoint = await GrpcEndpoint.open();
    client = new GrpcClient(endpoint.port);
  });

  afterEach(async () => {
    client.close();
    await endpoint.close();
  });

  /** The next status of a watch; `end` when the server has ended it. */
  async function next(watch: ReturnType<GrpcClient['watch']>): Promise<string> {
    const news = once(watch, 'data').then(([message]) => (message as { status: string }).status);
    return Promise.race([news, once(watch, 'end').then(() => 'end')]);
  }

  it.each(['', NAME])('RGRPCH-01 RGRPCH-02 Check of "%s": what /readyz says, without credentials', async (service) => {
    expect(await client.check(service)).toBe('SERVING');
    endpoint.isReady = false;
    expect(await client.check(service)).toBe('NOT_SERVING');
  });

  it.each(['assay.v1', 'nothing', '__proto__'])('RGRPCH-01 Check of the unknown "%s": NOT_FOUND', async (service) => {
    expect(await client.check(service)).toBe('NOT_FOUND');
  });

  it('RGRPCH-01 Watch says the status at once, and every change', async () => {
    const watch = client.watch(NAME);
    expect(await next(watch)).toBe('SERVING');
    for (const [isReady, status] of [
      [false, 'NOT_SERVING'],
      [true, 'SERVING'],
    ] as const) {
      endpoint.isReady = isReady;
      const news = next(watch);
      await endpoint.reception.clock.advance(500);
      expect(await news).toBe(status);
    }
  });

  it('RGRPCH-01 Watch of an unknown service: SERVICE_UNKNOWN, and the stream stays open', async () => {
    const watch = client.watch('nothing');
    expect(await next(watch)).toBe('SERVICE_UNKNOWN');
    const news = next(watch);
    expect(await Promise.race([news, client.check().then(() => 'still open')])).toBe('still open');
    watch.cancel();
  });

  it('RGRPCH-02 a drain tells watchers, and ends their streams, before GOAWAY', async () => {
    const peer = await RawPeer.connect(endpoint.port);
    const watch = goodFields.map(([name, value]) => [name, name === ':path' ? WATCH : value] as const);
    peer.send(frame(type.headers, END_HEADERS, 1, fields(watch)), frame(type.data, END_STREAM, 1, Buffer.alloc(5)));
    await peer.sees((one) => one.type === type.data);
    await endpoint.health.drain();
    await endpoint.listener.close(new SystemClock());
    await peer.closed();
    const [serving, notServing] = [1, 2].map((status) => Buffer.from([0, 0, 0, 0, 2, 0x08, status]));
    expect(peer.frames.slice(-6)).toMatchObject([
      { type: type.data, payload: serving },
      { type: type.data, payload: notServing },
      { type: type.headers, flags: END_HEADERS | END_STREAM },
      // The first refuses no call yet: some are on their way (RFC 9113 §6.8).
      { type: type.goaway, payload: Buffer.from('7fffffff00000000', 'hex') },
      { type: type.goaway },
      { type: type.goaway },
    ]);
  });

  it('a watcher that does not listen holds a drain up for half a second at most', async () => {
    const session = rawSession(endpoint.port);
    session.settings({ initialWindowSize: 0 });
    await once(session, 'localSettings');
    const stream = session.request({
      ':method': 'POST',
      ':path': WATCH,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    stream.on('error', () => undefined).end(Buffer.alloc(5));
    await once(stream, 'response');

    let isOver = false;
    const draining = endpoint.health.drain().then(() => (isOver = true));
    await endpoint.reception.clock.advance(499);
    expect(isOver).toBe(false);
    await endpoint.reception.clock.advance(1);
    await draining;
    session.destroy();
  });

  it('does not look at readiness any more once nobody is served', async () => {
    await endpoint.health.drain();
    expect(endpoint.reception.clock.timers).toBe(0);
    expect(await client.check()).toBe('NOT_SERVING');
  });
});

describe('the gRPC listener', () => {
  /** Says what is asked of reflection, and everything that is answered. */
  async function reflect(endpoint: GrpcEndpoint, ...questions: readonly Buffer[]): Promise<string> {
    const parts = { headers: { ':path': REFLECTION }, body: Buffer.concat(questions.map((one) => framed(one))) };
    const { data } = await rawCall(endpoint.port, parts);
    return data.toString('latin1');
  }

  const listServices = Buffer.from([0x3a, 0]);
  const symbol = (name: string): Buffer => Buffer.concat([Buffer.from([0x22, name.length]), Buffer.from(name)]);

  it('RGRPC-04 tells nobody what it serves, unless it is told to', async () => {
    const [closed, open] = [await GrpcEndpoint.open(), await GrpcEndpoint.open({ reflection: true })];
    expect(await reflect(closed, listServices)).toBe('');
    expect(await reflect(open, listServices)).toContain(NAME);
    expect(await reflect(open, symbol(NAME))).toContain('IntrospectRequest');
    await closed.close();
    await open.close();
  });

  it('RGRPC-04 no question about it does any harm', async () => {
    const endpoint = await GrpcEndpoint.open({ reflection: true });
    const strange = [
      Buffer.alloc(0),
      symbol('nothing'),
      symbol('__proto__'),
      symbol('.'),
      // A file that there is not, an extension of nothing, all extensions of nothing.
      Buffer.from([0x1a, 1, 0x78]),
      Buffer.from([0x2a, 0]),
      Buffer.from([0x2a, 5, 0x0a, 1, 0x78, 0x10, 1]),
      Buffer.from([0x32, 1, 0x78]),
    ];
    for (const question of strange) await reflect(endpoint, question);
    await reflect(endpoint, ...strange);
    expect(await reflect(endpoint, listServices)).toContain(NAME);
    await endpoint.close();
  });

  it('holds as many connections as it may, and serves them', async () => {
    const endpoint = await GrpcEndpoint.open({ limits: { connections: 2 } });
    const client = new GrpcClient(endpoint.port);
    expect(await client.check()).toBe('SERVING');
    const second = connect(endpoint.port, '127.0.0.1');
    const third = connect(endpoint.port, '127.0.0.1');
    // Which of them came first is the system's word: they may wait at different sockets.
    await Promise.race([second, third].map((socket) => once(socket, 'close')));
    expect(await client.check()).toBe('SERVING');
    second.destroy();
    third.destroy();
    client.close();
    await endpoint.close();
  });

  it.each([
    ['says nothing at all', { pingMs: 20, pingAnswerMs: 20 }],
    ['has no call for too long', { idleMs: 20 }],
    ['is connected for too long', { ageMs: 20, ageGraceMs: 20 }],
  ])('H-10 lets go of who %s', async (_name, limits) => {
    const endpoint = await GrpcEndpoint.open({ limits });
    const socket = connect(endpoint.port, '127.0.0.1');
    socket.on('error', () => undefined).resume();
    await once(socket, 'close');
    await endpoint.close();
  });
});
