import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { HttpLimits } from '../../../src/transport/http/http-limits.js';
import { HttpEndpoint } from './support/http-endpoint.js';
import { answersIn, exchange, header, talk } from './support/raw-http.js';
import { request } from './support/requests.js';

const impatient: Partial<HttpLimits> = {
  headersMs: 150,
  requestMs: 300,
  keepAliveMs: 200,
  silenceMs: 250,
  checkMs: 20,
};

let endpoint: HttpEndpoint;
const open: Socket[] = [];

afterEach(async () => {
  for (const socket of open.splice(0)) socket.destroy();
  await endpoint.close();
});

function dial(): Socket {
  const socket = connect(endpoint.port, '127.0.0.1');
  socket.on('error', () => undefined);
  open.push(socket);
  return socket;
}

/** One byte every few milliseconds until the server has had enough. */
async function drip(socket: Socket, bytes: Buffer): Promise<Buffer> {
  const answer = exchange(socket, '', false);
  let at = 0;
  const timer = setInterval(() => {
    if (at < bytes.length) socket.write(bytes.subarray(at, ++at));
  }, 10);
  return answer.finally(() => {
    clearInterval(timer);
  });
}

describe('H-10 clients that take their time', () => {
  it('H-10 slow headers: 408 and close', async () => {
    endpoint = await HttpEndpoint.open({ limits: impatient });
    const [answer] = answersIn(await drip(dial(), request({ headers: { 'X-Slow': 'a'.repeat(1_000) } })));
    expect([answer!.status, header(answer!, 'connection')]).toEqual([408, 'close']);
    expect(header(answer!, 'cache-control')).toBe('no-store');
  });

  it('H-10 a slow body: 408 and close', async () => {
    endpoint = await HttpEndpoint.open({ limits: impatient });
    const whole = request({ body: `token=${'a'.repeat(1_000)}` });
    const socket = dial();
    const headLength = whole.indexOf('\r\n\r\n') + 4;
    socket.write(whole.subarray(0, headLength));
    const [answer] = answersIn(await drip(socket, whole.subarray(headLength)));
    expect([answer!.status, header(answer!, 'connection')]).toEqual([408, 'close']);
    expect(endpoint.introspected).toBe(0);
  });

  it('H-10 a connection on which nothing is said is closed', async () => {
    endpoint = await HttpEndpoint.open({ limits: impatient });
    expect(answersIn(await exchange(dial(), '', false)).map(({ status }) => status)).toEqual([408]);
  });

  it('H-10 an idle connection is closed after its answer', async () => {
    endpoint = await HttpEndpoint.open({ limits: impatient });
    const answers = answersIn(await exchange(dial(), request({ body: 'token=a' }), false));
    expect(answers.map(({ status }) => status)).toEqual([200]);
  });

  it('H-10 a client that never reads is dropped', async () => {
    endpoint = await HttpEndpoint.open({ limits: { ...impatient, silenceMs: 100 } });
    const accepted = once(endpoint.server, 'connection') as Promise<[Socket]>;
    const socket = dial().pause();
    const [peer] = await accepted;
    const closed = once(peer, 'close');
    const requests = Buffer.concat(Array.from({ length: 2_000 }, () => request({ body: 'token=a' })));
    for (let i = 0; i < 20; i++) socket.write(requests);
    await closed;
    expect(peer.destroyed).toBe(true);
  });

  it('H-10 connections over the cap are closed, and there is room again when one leaves', async () => {
    endpoint = await HttpEndpoint.open({ limits: { connections: 3 } });
    const peers: Socket[] = [];
    endpoint.server.on('connection', (peer) => peers.push(peer));
    const held = [dial(), dial(), dial()];
    await vi.waitFor(() => {
      expect(peers).toHaveLength(3);
    });
    expect(answersIn(await exchange(dial(), request({ body: 'token=a' }), false))).toEqual([]);
    const peersClosed = Promise.all(peers.map((peer) => once(peer, 'close')));
    for (const socket of held) socket.destroy();
    await peersClosed;
    expect((await talk(endpoint.port, request({ body: 'token=a' }))).map(({ status }) => status)).toEqual([200]);
  });
});

describe('H-11 heads that are too large', () => {
  it('H-11 10 000 headers, or one more than 100: 431 and close', async () => {
    endpoint = await HttpEndpoint.open();
    for (const count of [10_000, 101]) {
      const many = Object.fromEntries(Array.from({ length: count }, (_, i) => [`x${i}`, 'a']));
      const [answer] = await talk(endpoint.port, request({ headers: many, body: 'token=a' }));
      expect([answer!.status, header(answer!, 'connection')]).toEqual([431, 'close']);
      expect(header(answer!, 'cache-control')).toBe('no-store');
    }
    expect(endpoint.introspected).toBe(0);
  });

  it.each([
    ['a header of 1 MiB', { headers: { 'X-Long': 'a'.repeat(1_048_576) } }],
    ['a target of 1 MiB', { target: `/introspect?${'a'.repeat(1_048_576)}` }],
    ['a cookie bomb', { headers: { Cookie: Array.from({ length: 80 }, (_, i) => `c${i}=${'a'.repeat(500)}`) } }],
  ])('H-11 %s: 431 and close', async (_, parts) => {
    endpoint = await HttpEndpoint.open();
    const [answer] = await talk(endpoint.port, request(parts), { end: false });
    expect([answer!.status, header(answer!, 'connection')]).toEqual([431, 'close']);
  });

  it('H-11 a target that is too long for us, not for the parser: 414', async () => {
    endpoint = await HttpEndpoint.open();
    const [answer] = await talk(endpoint.port, request({ target: `/${'a'.repeat(5_000)}` }));
    expect([answer!.status, header(answer!, 'connection')]).toEqual([414, 'close']);
  });
});
