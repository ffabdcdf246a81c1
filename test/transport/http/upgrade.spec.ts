import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Introspector } from '../../../src/introspection/introspector.js';
import { Rejection } from '../../../src/tokens/rejection.js';
import type { TokenVerifier } from '../../../src/verification/token-verifier.js';
import { HttpEndpoint } from './support/http-endpoint.js';
import { answersIn, exchange, header, talk } from './support/raw-http.js';
import { request } from './support/requests.js';

/** As Java's HttpClient sends them with each request that is not over TLS. */
const h2c = {
  Connection: 'Upgrade, HTTP2-Settings',
  Upgrade: 'h2c',
  'HTTP2-Settings': 'AAEAAEAAAAIAAAABAAMAAABkAAQBAAAA',
};

const chunked = { 'Content-Length': undefined, 'Transfer-Encoding': 'chunked' };

describe('a wish for HTTP/2 (RFC 7540 §3.2) is ignored', () => {
  let endpoint: HttpEndpoint;
  let good: string;
  let wishing: Buffer;
  let plain: Buffer;

  beforeAll(async () => {
    endpoint = await HttpEndpoint.open();
    good = `token=${endpoint.context.good.build()}`;
    wishing = request({ headers: h2c, body: good });
    plain = request({ body: good });
  });

  afterAll(() => endpoint.close());

  beforeEach(() => {
    endpoint.introspected = 0;
  });

  /** Sends one piece after the other, each when so many answers have come as the one before has requests. */
  async function inTurns(...pieces: readonly (readonly [bytes: Buffer, answers: number])[]): Promise<number[]> {
    const socket = connect(endpoint.port, '127.0.0.1');
    let received = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => (received = Buffer.concat([received, chunk])));
    let expected = 0;
    for (const [bytes, answers] of pieces) {
      socket.write(bytes);
      expected += answers;
      await vi.waitFor(() => {
        expect(answersIn(received)).toHaveLength(expected);
      });
    }
    const answers = answersIn(received);
    for (const answer of answers) expect(header(answer, 'connection')).toBe('keep-alive');
    socket.destroy();
    return answers.map(({ status }) => status);
  }

  it('the connection is kept, with a body in one piece and every request with the wish', async () => {
    expect(await inTurns([wishing, 1], [wishing, 1], [wishing, 1], [plain, 1])).toEqual([200, 200, 200, 200]);
    expect(endpoint.introspected).toBe(4);
  });

  it('without a body, too', async () => {
    const asking = request({ method: 'GET', target: '/.well-known/oauth-authorization-server', headers: h2c });
    expect(await inTurns([asking, 1], [wishing, 1], [asking, 1])).toEqual([200, 200, 200]);
  });

  it('a body that comes later is read, in whichever pieces', async () => {
    const head = wishing.indexOf('\r\n\r\n') + 4;
    for (const cut of [head - 1, head, head + 1, wishing.length - 1]) {
      expect(await inTurns([wishing.subarray(0, cut), 0], [wishing.subarray(cut), 1], [plain, 1])).toEqual([200, 200]);
    }
  });

  it('a body in chunks is read', async () => {
    const bytes = Buffer.concat([
      request({ headers: { ...h2c, ...chunked } }),
      Buffer.from(`${good.length.toString(16)}\r\n${good}\r\n0\r\n\r\n`),
    ]);
    expect(await inTurns([bytes, 1], [bytes, 1])).toEqual([200, 200]);
    expect(endpoint.introspected).toBe(2);
  });

  it('nothing of what came with it is lost: requests in one piece are answered in their order', async () => {
    const bad = request({ headers: h2c, body: 'token=bad' });
    const missing = request({ headers: h2c });
    const answers = await talk(endpoint.port, Buffer.concat([plain, wishing, bad, missing, wishing, plain]));
    const kinds = answers.map(({ body }) => (JSON.parse(body) as { active?: boolean }).active);
    expect(kinds).toEqual([true, true, false, undefined, true, true]);
  });

  it('what is asked about the connection otherwise still holds', async () => {
    const last = request({ headers: { ...h2c, Connection: 'close, Upgrade, HTTP2-Settings' }, body: good });
    const answers = await talk(endpoint.port, Buffer.concat([last, plain]), { end: false });
    expect(answers.map((answer) => [answer.status, header(answer, 'connection')])).toEqual([[200, 'close']]);
    const old = request({ version: '1.0', headers: { ...h2c, Host: undefined }, body: good });
    expect((await talk(endpoint.port, old, { end: false })).map(({ status }) => status)).toEqual([200]);
  });

  it.each([
    ['two lengths', request({ headers: { ...h2c, 'Content-Length': ['1', '2'] }, body: 'a' }), 400],
    ['no host', request({ headers: { ...h2c, Host: undefined } }), 400],
    ['another coding', request({ headers: { ...h2c, ...chunked, 'Transfer-Encoding': 'gzip, chunked' } }), 501],
    ['an Upgrade that only looks like h2c', request({ headers: { ...h2c, Upgrade: 'h2c\0' } }), 400],
  ])('its frame is judged as always: %s', async (_, bytes, status) => {
    const answers = await talk(endpoint.port, Buffer.concat([bytes, plain]), { end: false });
    expect(answers.map((answer) => answer.status)).toEqual([status]);
    expect(endpoint.introspected).toBe(0);
  });

  it.each(['websocket', 'h2c, websocket', 'TLS/1.0', 'x'])(
    'what comes behind another wish may be of the other protocol: %s is the last one',
    async (Upgrade) => {
      const other = request({ headers: { Connection: 'Upgrade', Upgrade }, body: good });
      const answers = await talk(endpoint.port, Buffer.concat([other, plain, plain]), { end: false });
      expect(answers.map((answer) => [answer.status, header(answer, 'connection')])).toEqual([[200, 'close']]);
      expect(endpoint.introspected).toBe(1);
    },
  );

  it('any number of them on one connection leaves nothing behind', async () => {
    const warnings: string[] = [];
    const listen = ({ message }: Error): void => void warnings.push(message);
    process.on('warning', listen);
    const accepted = once(endpoint.server, 'connection') as Promise<[Socket]>;
    const socket = connect(endpoint.port, '127.0.0.1');
    const all = exchange(socket, Buffer.concat(Array.from({ length: 300 }, () => wishing)));
    const [received] = await accepted;
    expect(answersIn(await all).map(({ status }) => status)).toEqual(Array.from({ length: 300 }, () => 200));
    for (const event of received.eventNames()) expect(received.listenerCount(event)).toBeLessThan(5);
    process.off('warning', listen);
    expect(warnings).toEqual([]);
  });

  it('Upgrade without Connection: Upgrade is no wish (RFC 9110 §7.8)', async () => {
    expect(await inTurns([request({ headers: { Upgrade: 'websocket' }, body: good }), 1], [plain, 1])).toEqual([
      200, 200,
    ]);
  });
});

describe('a wish to upgrade behind a request that is still in work', () => {
  async function slowEndpoint() {
    const { promise: released, resolve: release } = Promise.withResolvers<undefined>();
    const introspector = new Introspector({} as TokenVerifier);
    introspector.introspect = async () => {
      await released;
      return { active: false, rejection: new Rejection('malformed') };
    };
    const endpoint = await HttpEndpoint.open({ introspector });
    const accepted = once(endpoint.server, 'connection') as Promise<[Socket]>;
    const socket = connect(endpoint.port, '127.0.0.1');
    const all = exchange(socket, request({ body: 'token=a' }), false);
    await vi.waitFor(() => {
      expect(endpoint.introspected).toBe(1);
    });
    const [received] = await accepted;
    return {
      endpoint,
      socket,
      received,
      all,
      release: () => {
        release(undefined);
      },
    };
  }

  it('waits for its answer, and keeps what comes meanwhile', async () => {
    const { endpoint, socket, received, all, release } = await slowEndpoint();
    const wishing = request({ headers: { ...h2c, Connection: 'Upgrade, close' }, body: 'token=b' });
    socket.write(wishing.subarray(0, 400));
    socket.write(wishing.subarray(400));
    await vi.waitFor(() => {
      expect(received.bytesRead).toBe(request({ body: 'token=a' }).length + wishing.length);
    });
    expect(endpoint.introspected).toBe(1);
    release();
    expect(answersIn(await all).map(({ status }) => status)).toEqual([200, 200]);
    expect(endpoint.introspected).toBe(2);
    await endpoint.close();
  });

  it('waits for its answer where the client has nothing more to say', async () => {
    const { endpoint, socket, received, all, release } = await slowEndpoint();
    const wishing = request({ headers: h2c, body: 'token=b' });
    const seen = received.bytesRead + wishing.length;
    const ended = new Promise((resolve) => received.once('end', resolve));
    socket.end(wishing);
    await vi.waitFor(() => {
      expect(received.bytesRead).toBe(seen);
    });
    // The system has said so by now, if that is to be known while the answer is waited for.
    await Promise.race([
      ended,
      new Promise((resolve) =>
        connect(endpoint.port, '127.0.0.1', () => {
          resolve(undefined);
        }).end(),
      ),
    ]);
    release();
    expect(answersIn(await all).map(({ status }) => status)).toEqual([200, 200]);
    await endpoint.close();
  });

  it.each([
    ['Upgrade', request({ headers: h2c, body: 'token=b' })],
    ['CONNECT', Buffer.from('CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n')],
  ])('%s, and then a reset, ends the connection and nothing else', async (_, bytes) => {
    const { endpoint, socket, received, release } = await slowEndpoint();
    const before = received.bytesRead;
    socket.write(bytes);
    await vi.waitFor(() => {
      expect(received.bytesRead).toBe(before + bytes.length);
    });
    // Not `once`, which would listen for the error that nobody else may be listening for.
    const closed = new Promise((resolve) => received.on('close', resolve));
    socket.resetAndDestroy();
    await closed;
    release();
    expect((await talk(endpoint.port, request({ body: 'token=c' }))).map(({ status }) => status)).toEqual([200]);
    await endpoint.close();
  });
});
