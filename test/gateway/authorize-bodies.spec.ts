import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HttpLimits } from '../../src/transport/http/http-limits.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';
import { answersIn, exchange, header, talk } from '../transport/http/support/raw-http.js';
import { request, type RequestParts } from '../transport/http/support/requests.js';

const MIB = 1024 * 1024;

/** A proxy takes the first status for the verdict, so the head alone decides; the body is for whoever is behind the proxy. */
describe('/authorize is answered from the head alone', () => {
  let endpoint: HttpEndpoint;
  let token: string;
  let introspection: Buffer;

  async function open(limits: Partial<HttpLimits> = {}): Promise<void> {
    endpoint = await HttpEndpoint.open({ trustedProxies: ['127.0.0.1/32'], limits });
    token = endpoint.context.good.build();
    introspection = request({ body: `token=${token}` });
    endpoint.introspected = 0;
  }

  beforeEach(() => open());

  afterEach(() => endpoint.close());

  function asking(headers: RequestParts['headers'], bearer = token): Buffer {
    return request({
      method: 'POST',
      target: '/authorize?caller=edge',
      headers: {
        Authorization: `Bearer ${bearer}`,
        'Content-Type': 'text/plain',
        'Content-Length': undefined,
        ...headers,
      },
    });
  }

  /** Sends the head of a question, and answers the verdict and the socket. */
  async function verdictOn(head: Buffer): Promise<{ text: string; socket: Socket }> {
    const socket = connect(endpoint.port, '127.0.0.1');
    socket.write(head);
    const [first] = (await once(socket, 'data')) as [Buffer];
    return { text: first.toString('latin1'), socket };
  }

  it.each([
    ['a good token', 200, () => token],
    ['a bad token', 401, () => 'opaque'],
  ])('a body that was promised is not waited for, with %s', async (_, status, bearer) => {
    const { text, socket } = await verdictOn(asking({ 'Content-Length': '100000' }, bearer()));
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(text).toContain('Connection: keep-alive');
    socket.destroy();
  });

  it('a body that comes after the verdict is read over: what is in it is no request, and what is behind it is', async () => {
    const body = Buffer.concat([introspection, Buffer.alloc(100_000, 'x'), introspection]);
    const { socket } = await verdictOn(asking({ 'Content-Length': String(body.length) }));
    const rest = exchange(socket, Buffer.concat([body, introspection]));
    expect(answersIn(await rest).map((answer) => [answer.status, answer.body.includes('"active":true')])).toEqual([
      [200, true],
    ]);
    // The verdict, and the one request behind the body.
    expect(endpoint.introspected).toBe(2);
  });

  it.each([1, 1_000, 65_536, 65_537, 300_000, MIB])('a body of %i bytes costs no connection', async (length) => {
    const body = Buffer.alloc(length, introspection);
    const bytes = Buffer.concat([asking({ 'Content-Length': String(length) }), body, introspection, introspection]);
    const answers = await talk(endpoint.port, bytes);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(endpoint.introspected).toBe(3);
  });

  it('a body that says itself that it is larger ends the connection with the verdict', async () => {
    const head = asking({ 'Content-Length': String(MIB + 1) });
    const answers = await talk(endpoint.port, head, { end: false });
    expect(answers.map((answer) => [answer.status, header(answer, 'connection')])).toEqual([[200, 'close']]);
    // Nothing of the body is a request.
    const more = await talk(endpoint.port, Buffer.concat([head, introspection, introspection]), { end: false });
    expect(more.map(({ status }) => status)).toEqual([200]);
    expect(endpoint.introspected).toBe(2);
  });

  it('a body in chunks is read over to the same bound, and then the connection ends', async () => {
    const head = asking({ 'Transfer-Encoding': 'chunked' });
    const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(65_536, introspection), Buffer.from('\r\n')]);
    const last = Buffer.from('0\r\n\r\n');
    const fitting = [head, ...Array.from({ length: 16 }, () => chunk), last, introspection];
    expect((await talk(endpoint.port, Buffer.concat(fitting))).map(({ status }) => status)).toEqual([200, 200]);

    const { socket } = await verdictOn(head);
    const longer = [...Array.from({ length: 17 }, () => chunk), last, introspection];
    expect(answersIn(await exchange(socket, Buffer.concat(longer), false))).toEqual([]);
    expect(endpoint.introspected).toBe(3);
  });

  it('nobody is told to go on: the verdict is the first status (RFC 9110 §10.1.1)', async () => {
    const head = asking({ Expect: '100-continue', 'Content-Length': '7' });
    // The client may send the body all the same, or not, so nobody knows where the next request begins.
    for (const behind of [Buffer.alloc(0), Buffer.from('token=a'), introspection]) {
      const bytes = (
        await exchange(connect(endpoint.port, '127.0.0.1'), Buffer.concat([head, behind]), false)
      ).toString('latin1');
      expect(bytes).toMatch(/^HTTP\/1\.1 200 /);
      expect(bytes.match(/HTTP\/1\.1/g)).toHaveLength(1);
      expect(bytes).toContain('Connection: close');
    }
    expect(endpoint.introspected).toBe(3);
  });

  it('a body that never comes ends the connection in time, and no second answer is made up', async () => {
    await endpoint.close();
    await open({ headersMs: 1_000, requestMs: 1_500, checkMs: 20 });
    const head = asking({ 'Content-Length': '7' });
    const answers = answersIn(await exchange(connect(endpoint.port, '127.0.0.1'), head, false));
    expect(answers.map(({ status }) => status)).toEqual([200]);
  });

  it('garbage in the body ends the connection, and no second answer is made up', async () => {
    const { socket } = await verdictOn(asking({ 'Transfer-Encoding': 'chunked' }));
    expect(answersIn(await exchange(socket, Buffer.concat([Buffer.from('zz\r\n'), introspection]), false))).toEqual([]);
    expect(endpoint.introspected).toBe(1);
  });

  it('a slow verdict loses nothing of a body that is there already', async () => {
    const bytes = Buffer.concat([asking({ 'Content-Length': '7' }), Buffer.from('token=a'), introspection]);
    const answers = await talk(endpoint.port, Buffer.concat([introspection, bytes, bytes]));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    await vi.waitFor(() => {
      expect(endpoint.introspected).toBe(5);
    });
  });
});
