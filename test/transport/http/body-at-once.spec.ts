import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { HttpAdapter } from '../../../src/transport/http/http-adapter.js';
import { plainListener } from '../support/plain-listener.js';
import { talk } from './support/raw-http.js';

const head = 'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: text/plain\r\n';

/** When a body is read, beside what else the process has to do. */
describe('a body', () => {
  let adapter: HttpAdapter | undefined;

  afterEach(async () => {
    await adapter?.close();
    adapter = undefined;
  });

  /** @returns what happened in which order, for a request whose handler answers its body */
  async function orderFor(bytes: string) {
    const order: string[] = [];
    const parse = (body: Buffer): string => {
      order.push('read');
      return body.toString();
    };
    adapter = new HttpAdapter(plainListener(), { parse });
    adapter.initHttpServer();
    adapter
      .getInstance<{ post(path: string, handler: unknown): void }>()
      .post('/', (request: { body: string }, to: never) => {
        adapter?.reply(to, `said: ${request.body}`, 200);
      });
    const server = adapter.getHttpServer();
    server.prependListener('request', (request: IncomingMessage) => {
      const push = request.push.bind(request);
      request.push = (piece) => {
        // The parser has found the end of the body.
        if (piece === null) process.nextTick(() => order.push('next tick'));
        return push(piece);
      };
    });
    await adapter.open({ host: '127.0.0.1', port: 0 });
    const [answer] = await talk((server.address() as AddressInfo).port, bytes);
    return { order, body: answer?.body };
  }

  it.each([
    ['in one piece', `${head}Content-Length: 5\r\n\r\ntoken`],
    ['in chunks', `${head}Transfer-Encoding: chunked\r\n\r\n2\r\nto\r\n3\r\nken\r\n0\r\n\r\n`],
  ])('is read in the moment in which the parser finds its end: %s', async (_, bytes) => {
    expect(await orderFor(bytes)).toEqual({ order: ['read', 'next tick'], body: 'said: token' });
  });
});
