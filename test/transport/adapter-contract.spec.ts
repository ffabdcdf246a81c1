import { BadRequestException, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HttpAdapter } from '../../src/transport/http/http-adapter.js';
import { talk } from './http/support/raw-http.js';
import { ContractModule } from './support/contract-application.js';
import { plainListener } from './support/plain-listener.js';

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch {
    throw new BadRequestException('no JSON');
  }
}

const adapters = [
  {
    name: 'our adapter',
    create: () =>
      NestFactory.create<INestApplication<Server>>(
        ContractModule,
        new HttpAdapter(plainListener(), { parse: parseJson }),
        { logger: false, bodyParser: false },
      ),
  },
  {
    name: "Nest's adapter for Fastify",
    create: () => NestFactory.create<INestApplication<Server>>(ContractModule, new FastifyAdapter(), { logger: false }),
  },
] as const;

interface Asked extends Omit<RequestInit, 'headers'> {
  readonly headers?: Readonly<Record<string, string>>;
}

/** What Nest's users rely on, whatever is below. */
describe.each(adapters)('a Nest application over $name', ({ create }) => {
  let app: INestApplication<Server>;
  let port: number;

  beforeAll(async () => {
    app = await create();
    await app.listen(0, '127.0.0.1');
    port = (app.getHttpServer().address() as AddressInfo).port;
  });

  afterAll(() => app.close());

  async function ask(path: string, { headers = {}, ...init }: Asked = {}) {
    const all = { ...init, headers: { connection: 'close', ...headers } };
    const response = await fetch(`http://127.0.0.1:${port}${path}`, all);
    const octets = Buffer.from(await response.arrayBuffer());
    return { status: response.status, headers: response.headers, octets, text: octets.toString() };
  }

  async function json(path: string, init?: Asked): Promise<[number, unknown]> {
    const { status, text, headers } = await ask(path, init);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    return [status, JSON.parse(text)];
  }

  it('starts its modules before it answers', async () => {
    expect(await json('/things/ready')).toEqual([200, { isReady: true }]);
  });

  it.each([
    ['text', 'text/plain; charset=utf-8', Buffer.from('täxt')],
    ['octets', 'application/octet-stream', Buffer.from([0, 1, 255])],
    ['list', 'application/json; charset=utf-8', Buffer.from('[1,"ä",null,true]')],
    ['number', 'application/json; charset=utf-8', Buffer.from('42')],
    ['observable', 'application/json; charset=utf-8', Buffer.from('{"emitted":true}')],
    ['nothing', null, Buffer.alloc(0)],
  ])('sends what a handler returns: %s', async (path, type, body) => {
    const { status, headers, octets } = await ask(`/things/${path}`);
    expect([status, headers.get('content-type'), headers.get('content-length')]).toEqual([
      200,
      type,
      String(body.length),
    ]);
    expect(octets).toEqual(body);
  });

  it('has the status of the verb, or of the decorator', async () => {
    expect(await json('/things/created', { method: 'POST' })).toEqual([201, { created: true }]);
    const accepted = await ask('/things/accepted', { method: 'POST' });
    expect([accepted.status, accepted.text]).toEqual([202, 'a,b']);
    expect([accepted.headers.get('x-where'), accepted.headers.get('content-type')]).toEqual(['queue', 'text/csv']);
    const gone = await ask('/things/gone', { method: 'DELETE' });
    expect([gone.status, gone.text, gone.headers.get('content-length')]).toEqual([204, '', null]);
  });

  it('answers HEAD as GET, without the body', async () => {
    const bytes = 'HEAD /things/list HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
    const [answer] = await talk(port, bytes);
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(answer!.headerLines.map((line) => line.toLowerCase())).toContain('content-length: 18');
  });

  it('reads bodies', async () => {
    const headers = { 'content-type': 'application/json' };
    const sent = { name: 'a', list: [1, 2] };
    expect(await json('/things/body', { method: 'PUT', headers, body: JSON.stringify(sent) })).toEqual([
      200,
      { body: sent, name: 'a' },
    ]);
    expect((await ask('/things/body', { method: 'PUT', headers, body: '{' })).status).toBe(400);
    expect(await json('/things/body', { method: 'PUT' })).toEqual([200, { body: null, name: null }]);
  });

  it('gives handlers the query, headers and the address', async () => {
    const path = '/things/asked?a=1&b=x%20y+z&b=%C3%A4&empty=';
    expect(await json(path, { headers: { 'X-One': 'one' } })).toEqual([
      200,
      { query: { a: '1', b: ['x y z', 'ä'], empty: '' }, one: 'one', ip: '127.0.0.1' },
    ]);
    expect(await json('/things/asked')).toEqual([200, { query: {}, ip: '127.0.0.1' }]);
  });

  it.each([
    ['/things/named/fixed', { fixed: true }],
    ['/things/named/fixe%64', { fixed: true }],
    ['/things/named/a', { name: 'a' }],
    ['/things/n%61med/a%2Fb%20c', { name: 'a/b c' }],
    ['/things/named/%C3%A4%252F', { name: 'ä%2F' }],
    ['/things/named/__proto__', { name: '__proto__' }],
    ['/things/named/a?name=b', { name: 'a' }],
  ])('finds routes, and decodes parameters once: %s', async (path, body) => {
    expect(await json(path)).toEqual([200, body]);
  });

  it('has several parameters', async () => {
    expect(await json('/things/named/a/of/b%20c', { method: 'POST' })).toEqual([201, { name: 'a', owner: 'b c' }]);
  });

  it.each([
    '/',
    '/thing',
    '/things',
    '/things/text/',
    '/Things/text',
    '//things/text',
    '/things/named/',
    '/things%2Ftext',
  ])('answers 404 in the words of Nest: %s', async (path) => {
    expect(await json(path)).toEqual([404, { message: `Cannot GET ${path}`, error: 'Not Found', statusCode: 404 }]);
  });

  it('runs pipes', async () => {
    expect(await json('/things/numbers/7')).toEqual([200, { number: 7 }]);
    const [status, body] = await json('/things/numbers/seven');
    expect([status, body]).toEqual([400, expect.objectContaining({ error: 'Bad Request', statusCode: 400 })]);
  });

  it('runs guards, which leave marks on the request', async () => {
    expect((await json('/things/guarded'))[0]).toBe(401);
    expect((await json('/things/guarded', { headers: { 'x-key': 'bad' } }))[0]).toBe(403);
    expect(await json('/things/guarded', { headers: { 'x-key': 'good' } })).toEqual([200, { mark: 'came with good' }]);
  });

  it('runs interceptors', async () => {
    expect(await json('/things/intercepted')).toEqual([200, { wrapped: 'inside' }]);
  });

  it('lets a handler set the status and header fields, and more than one of a name', async () => {
    const { status, headers, text } = await ask('/things/passthrough');
    expect([status, text, headers.get('x-set')]).toEqual([203, '{"set":"second"}', 'second']);
    expect(headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2; Path=/']);
  });

  it('answers errors, and says nothing of those that nobody meant', async () => {
    expect(await json('/things/refused')).toEqual([409, { code: 'nope' }]);
    expect(await json('/things/invalid')).toEqual([
      400,
      { message: 'not like this', error: 'Bad Request', statusCode: 400 },
    ]);
    const internal = [500, { statusCode: 500, message: 'Internal server error' }];
    expect(await json('/things/broken')).toEqual(internal);
    expect((await ask('/things/unwritable')).status).toBe(500);
  });

  it('lets no value of a header field write another one', async () => {
    const { status, headers } = await ask('/things/bad-header');
    expect([status, headers.get('b')]).toEqual([500, null]);
  });

  it('runs filters that know the adapter only', async () => {
    const { status, headers, text } = await ask('/things/tea');
    expect([status, headers.get('x-pot'), text]).toEqual([418, 'tea', '{"said":"short and stout"}']);
  });

  it('makes providers for each request', async () => {
    const [[, first], [, second]] = await Promise.all([json('/scoped'), json('/scoped')]);
    expect(first).not.toEqual(second);
  });
});
