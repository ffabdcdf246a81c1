import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HttpEndpoint } from './support/http-endpoint.js';
import { exchange, header, talk } from './support/raw-http.js';
import { request, type RequestParts } from './support/requests.js';

const metadata = '/.well-known/oauth-authorization-server';

/** RFC 9112 §9.3: a body is read, or read over, or its connection ends; it is never taken for the next request. */
describe('bodies', () => {
  let endpoint: HttpEndpoint;
  let introspection: Buffer;

  beforeAll(async () => {
    endpoint = await HttpEndpoint.open();
    introspection = request({ body: `token=${endpoint.context.good.build()}` });
  });

  afterAll(() => endpoint.close());

  beforeEach(() => {
    endpoint.introspected = 0;
  });

  const unread: readonly (readonly [name: string, status: number, parts: RequestParts])[] = [
    ['of another resource', 404, { target: '/nowhere' }],
    ['of another method', 405, { method: 'PUT' }],
    ['of another type', 415, { headers: { 'Content-Type': 'text/plain' } }],
    ['of a secret in the query', 400, { target: '/introspect?token=a' }],
    ['of metadata', 200, { method: 'GET', target: metadata }],
  ];

  it.each(unread)('one that nobody reads is read over, %s (%i)', async (_, status, { headers, ...parts }) => {
    const plain = request({ ...parts, headers: { ...headers }, body: introspection });
    const chunks = Buffer.concat([
      request({ ...parts, headers: { ...headers, 'Content-Length': undefined, 'Transfer-Encoding': 'chunked' } }),
      Buffer.from(`${introspection.length.toString(16)}\r\n`),
      introspection,
      Buffer.from('\r\n0\r\n\r\n'),
    ]);
    const answers = await talk(endpoint.port, Buffer.concat([plain, chunks, introspection]));
    expect(answers.map((answer) => answer.status)).toEqual([status, status, 200]);
    expect(endpoint.introspected).toBe(1);
  });

  it.each(unread)('one that is too long for that ends the connection, %s (%i)', async (_, status, parts) => {
    const head = request({ ...parts, headers: { ...parts.headers, 'Content-Length': String(1024 * 1024 + 1) } });
    const answers = await talk(endpoint.port, Buffer.concat([head, introspection, introspection]), { end: false });
    expect(answers.map((answer) => [answer.status, header(answer, 'connection')])).toEqual([[status, 'close']]);
    expect(endpoint.introspected).toBe(0);
  });

  it.each([
    ['that says so itself', request({ headers: { 'Content-Length': '65537' } })],
    [
      'that says so itself and is waited for',
      request({ headers: { 'Content-Length': '65537', Expect: '100-continue' } }),
    ],
    [
      'in chunks',
      Buffer.concat([
        request({ headers: { 'Content-Length': undefined, 'Transfer-Encoding': 'chunked' } }),
        Buffer.from(`10001\r\n${'a'.repeat(65_537)}\r\n0\r\n\r\n`),
      ]),
    ],
  ])('X14 one over the limit, %s: 413, close, and nothing behind it is run', async (_, bytes) => {
    const answers = await talk(endpoint.port, Buffer.concat([bytes, introspection]), { end: false });
    expect(answers.map((answer) => [answer.status, header(answer, 'connection')])).toEqual([[413, 'close']]);
    expect(endpoint.introspected).toBe(0);
  });

  async function bytesOf(bytes: Buffer): Promise<string> {
    return (await exchange(connect(endpoint.port, '127.0.0.1'), bytes)).toString('latin1');
  }

  it('R7662-11 a client is told to go on where its body will be read', async () => {
    const text = await bytesOf(request({ headers: { Expect: '100-continue' }, body: 'token=a' }));
    expect(text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
  });

  it.each(unread)('and not where it will not, %s (%i)', async (_, status, parts) => {
    const headers = { ...parts.headers, Expect: '100-continue', 'Content-Length': '7' };
    const text = await bytesOf(request({ ...parts, headers }));
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(text).toContain('Connection: close');
  });

  it('answers in the order of the requests, whichever has a body that is waited for', async () => {
    const expecting = request({ headers: { Expect: '100-continue' }, body: 'token=a' });
    const text = await bytesOf(Buffer.concat([introspection, expecting, introspection]));
    expect([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['200', '100', '200', '200']);
  });
});
