import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, inactive } from './support/ask.js';
import { HttpEndpoint } from './support/http-endpoint.js';
import { header, talk } from './support/raw-http.js';
import { basic, request, type RequestParts } from './support/requests.js';

let endpoint: HttpEndpoint;
let token: string;

beforeAll(async () => {
  endpoint = await HttpEndpoint.open();
  token = endpoint.context.good.build();
});

afterAll(() => endpoint.close());

async function statusOf(parts: RequestParts): Promise<number> {
  return (await ask(endpoint, parts)).status;
}

describe('2.H methods, targets and headers', () => {
  it('H-06 no header and no parameter overrides the method', async () => {
    for (const name of ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override']) {
      const answer = await ask(endpoint, { headers: { [name]: 'GET' }, body: `token=${token}&_method=GET` });
      expect(answer.body).toContain('"active":true');
      expect(await statusOf({ method: 'GET', headers: { [name]: 'POST' }, body: `token=${token}` })).toBe(405);
    }
  });

  it('H-06 TRACE and CONNECT: 405, and TRACE echoes nothing', async () => {
    const trace = await ask(endpoint, { method: 'TRACE', headers: { 'X-Secret': 'canary' } });
    expect(trace.status).toBe(405);
    expect(trace.body).not.toContain('canary');
    expect(await statusOf({ method: 'CONNECT', target: 'a.example:443' })).toBe(405);
    expect(await statusOf({ method: 'CONNECT', target: '/introspect' })).toBe(405);
  });

  it('H-06 methods are spelled in capitals: anything else is 400', async () => {
    for (const method of ['post', 'Post', 'POSt', 'INTROSPECT', 'P\tST']) expect(await statusOf({ method })).toBe(400);
  });

  it('H-12 a token in the path: 404; in the query: 400; in Referer: nothing of it is kept', async () => {
    expect(await statusOf({ target: `/introspect/${token}`, body: `token=${token}` })).toBe(404);
    expect(await statusOf({ target: `/${token}`, body: `token=${token}` })).toBe(404);
    expect(await statusOf({ target: `/introspect?access_token=${token}`, body: `token=${token}` })).toBe(400);
    const headers = { Referer: `https://shop.example/?token=${token}`, Cookie: `token=${token}` };
    expect(await statusOf({ headers, body: 'token=x' })).toBe(200);
    expect(endpoint.log).not.toContain(token.slice(0, 20));
    expect(endpoint.log).not.toContain(token.slice(-20));
  });

  it('H-13 nothing from outside can write a line into the log', async () => {
    const evil = 'x\r\n{"level":"error","msg":"canary"}\x1b[31m"\u202e';
    const hostile = endpoint.context.good.with({ iss: evil, client_id: evil, sub: evil }).header({ kid: evil }).build();
    const unknownKid = endpoint.context.good.header({ kid: evil }).build();
    const headers = {
      'User-Agent': 'canary \x1b[31m"}',
      traceparent: '00-canary"}-x',
      'X-Request-Id': `canary"}${'x'.repeat(8_000)}`,
    };
    const before = endpoint.logLines.length;
    for (const one of [hostile, unknownKid]) await ask(endpoint, { headers, body: `token=${one}` });
    await ask(endpoint, { headers: { Authorization: basic(evil) }, body: 'token=x' });
    await ask(endpoint, {
      headers: { Authorization: undefined },
      body: `client_id=${encodeURIComponent(evil)}&client_secret=x`,
    });
    const lines = endpoint.logLines.slice(before);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      expect(JSON.parse(line)).not.toMatchObject({ level: 'error' });
      expect(line.trimEnd()).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202e]|canary/);
      expect(line.length).toBeLessThan(1_024);
    }
  });

  it('H-13 a header of 64 KiB: 431', async () => {
    expect(await statusOf({ headers: { 'X-Request-Id': 'x'.repeat(65_536) } })).toBe(431);
  });

  it('H-14 what is written about strangers comes from closed sets', async () => {
    const before = endpoint.logLines.length;
    for (let i = 0; i < 50; i++) {
      const stranger = endpoint.context.good.from(`https://stranger-${i}.example`).header({ kid: `kid-${i}` });
      await ask(endpoint, { target: '/introspect', body: `token=${stranger.build()}` });
      await ask(endpoint, { target: `/path-${i}`, headers: { Authorization: basic(`client-${i}`) }, body: 'token=x' });
      await ask(endpoint, { headers: { Authorization: basic(`client-${i}`) }, body: 'token=x' });
    }
    const values = endpoint.logLines
      .slice(before)
      // What we make for each request, whoever asks.
      .flatMap((line) =>
        Object.entries(JSON.parse(line) as object).filter(([name]) => !/^(?:time|request_id)$/.test(name)),
      )
      .map((entry) => JSON.stringify(entry));
    expect(new Set(values).size).toBeLessThan(20);
  });

  it('H-16 two credentials: 400', async () => {
    const two = { headers: { Authorization: [basic(), basic()] }, body: 'token=a' };
    const joined = { headers: { Authorization: `${basic()}, Bearer abc` }, body: 'token=a' };
    const mixed = { headers: { Authorization: [basic(), 'Bearer abc'] }, body: 'token=a' };
    for (const parts of [two, joined, mixed]) expect(await statusOf(parts)).toBe(400);
  });

  it.each(['Basic', 'Basic ', 'Basic !!!!', 'Basic b3JkZXJz', 'Digest username="orders"', 'Negotiate abc'])(
    'H-16 Authorization: %s: 401 with a challenge',
    async (authorization) => {
      const answer = await ask(endpoint, { headers: { Authorization: authorization }, body: `token=${token}` });
      expect(answer.status).toBe(401);
      expect(header(answer, 'www-authenticate')).toMatch(/^Basic realm=/);
    },
  );

  it('H-16 a credential of more than 8 KiB: 400; in Proxy-Authorization: none at all', async () => {
    expect(await statusOf({ headers: { Authorization: `Basic ${'a'.repeat(9_000)}` }, body: 'token=a' })).toBe(400);
    const proxy = { Authorization: undefined, 'Proxy-Authorization': basic() };
    expect(await statusOf({ headers: proxy, body: `token=${token}` })).toBe(401);
  });

  it('H-17 a preflight gets no permission', async () => {
    const headers = { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' };
    const preflight = await ask(endpoint, { method: 'OPTIONS', headers });
    const actual = await ask(endpoint, { headers, body: `token=${token}` });
    expect(preflight.status).toBe(405);
    expect([...preflight.headerLines, ...actual.headerLines].join()).not.toMatch(/access-control/i);
  });

  it('H-19 ranges and conditions mean nothing here', async () => {
    const conditions = {
      Range: 'bytes=0-3',
      'If-None-Match': '*',
      'If-Modified-Since': 'Sat, 21 Nov 2099 00:00:00 GMT',
    };
    const answer = await ask(endpoint, { headers: conditions, body: `token=${token}` });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatch(/^\{"active":true.*\}$/);
  });

  it('H-20 1000 requests in one go, and nothing more said: all answered, in order', async () => {
    const kinds = Array.from({ length: 1_000 }, (_, i) => (i * 7) % 3);
    const bodies = [`token=${token}`, 'token=bad', ''];
    const wanted = [expect.stringContaining('"active":true'), inactive, expect.stringContaining('invalid_request')];
    const answers = await talk(endpoint.port, Buffer.concat(kinds.map((kind) => request({ body: bodies[kind]! }))));
    expect(answers.map(({ body }) => body)).toEqual(kinds.map((kind): unknown => wanted[kind]));
  });
});
