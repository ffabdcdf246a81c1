import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, errorOf } from './support/ask.js';
import { HttpEndpoint } from './support/http-endpoint.js';
import { header, talk } from './support/raw-http.js';
import { request } from './support/requests.js';

describe('the response matrix, for requests that are not well made', () => {
  let endpoint: HttpEndpoint;
  let token: string;

  beforeAll(async () => {
    endpoint = await HttpEndpoint.open();
    token = endpoint.context.good.build();
  });

  afterAll(() => endpoint.close());

  it.each([
    ['missing', ''],
    ['missing', 'token_type_hint=access_token'],
    ['empty', 'token='],
    ['without a value', 'token'],
    ['repeated', 'token=a&token=a'],
    ['repeated, once empty', 'token=a&token='],
  ])('X10 token %s (%s): 400', async (_, body) => {
    const answer = await ask(endpoint, { body });
    expect([answer.status, errorOf(answer)]).toEqual([400, 'invalid_request']);
  });

  it.each(['token_type_hint', 'client_id', 'client_secret', 'client_assertion', 'client_assertion_type'])(
    'X10 %s repeated: 400',
    async (name) => {
      const answer = await ask(endpoint, { body: `token=a&${name}=x&${name}=x` });
      expect([answer.status, errorOf(answer)]).toEqual([400, 'invalid_request']);
    },
  );

  it('X10 without any body: 400', async () => {
    const bare = { headers: { 'Content-Type': undefined, 'Content-Length': undefined } };
    expect((await ask(endpoint, bare)).status).toBe(400);
  });

  it.each(['token', 'access_token', 'client_secret', 'client_assertion', 'TOKEN', '%74oken', 'a=b&token'])(
    'X11 R7662-09 %s in the query: 400, and it is not logged',
    async (name) => {
      const answer = await ask(endpoint, { target: `/introspect?${name}=${token}`, body: `token=${token}` });
      expect([answer.status, errorOf(answer)]).toEqual([400, 'invalid_request']);
      expect(endpoint.log).not.toContain(token.slice(0, 20));
    },
  );

  it.each(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'])('X12 %s: 405', async (method) => {
    const answer = await ask(endpoint, { method, target: `/introspect?token=${token}` });
    expect([answer.status, errorOf(answer), header(answer, 'allow')]).toEqual([405, 'invalid_request', 'POST']);
    expect(endpoint.log).not.toContain(token.slice(0, 20));
  });

  it('X12 HEAD: 405 without a body', async () => {
    const answers = await talk(endpoint.port, request({ method: 'HEAD' }));
    expect(answers[0]).toMatchObject({ status: 405, body: '' });
    expect(header(answers[0]!, 'allow')).toBe('POST');
  });

  it('X12 a resource that does not exist: 404', async () => {
    for (const target of ['/', '/introspect/', '/Introspect', '//introspect', '/introspect;x', '/metrics', '/livez']) {
      expect((await ask(endpoint, { target, body: `token=${token}` })).status).toBe(404);
    }
  });

  it.each([undefined, 'application/json', 'multipart/form-data; boundary=x', 'text/plain', 'application/xml', ''])(
    'X13 content type %s: 415',
    async (type) => {
      const answer = await ask(endpoint, { headers: { 'Content-Type': type }, body: `token=${token}` });
      expect([answer.status, errorOf(answer)]).toEqual([415, 'invalid_request']);
    },
  );

  it('R7662-12 X13 an encoded body: 415', async () => {
    for (const encoding of ['gzip', 'br', 'deflate', 'identity, gzip', 'x']) {
      const answer = await ask(endpoint, { headers: { 'Content-Encoding': encoding }, body: `token=${token}` });
      expect(answer.status).toBe(415);
    }
    expect((await ask(endpoint, { headers: { 'Content-Encoding': 'identity' }, body: 'token=x' })).status).toBe(200);
  });

  it('X14 a body over the limit: 413 and close', async () => {
    const answer = await ask(endpoint, { body: `token=${'a'.repeat(65_536)}` });
    expect([answer.status, errorOf(answer), header(answer, 'connection')]).toEqual([413, 'invalid_request', 'close']);
  });

  it('X14 a body of unknown length over the limit: 413 and close', async () => {
    const chunk = `1000\r\n${'a'.repeat(4096)}\r\n`;
    const headers = { 'Content-Length': undefined, 'Transfer-Encoding': 'chunked' };
    const [answer] = await talk(endpoint.port, Buffer.concat([request({ headers }), Buffer.from(chunk.repeat(17))]));
    expect([answer!.status, header(answer!, 'connection')]).toEqual([413, 'close']);
  });

  it('X15 a target over the limit: 414 and close', async () => {
    const answer = await ask(endpoint, { target: `/introspect?${'a'.repeat(4096)}` });
    expect([answer.status, header(answer, 'connection')]).toEqual([414, 'close']);
  });

  it('X15 headers over the limit: 431 and close', async () => {
    const answer = await ask(endpoint, { headers: { Cookie: 'a'.repeat(32_768) } });
    expect([answer.status, header(answer, 'connection')]).toEqual([431, 'close']);
  });

  it.each(['*/*', 'text/html', 'application/json;q=0', 'application/token-introspection+jwt', 'nonsense'])(
    'X21 Accept: %s gets JSON',
    async (accept) => {
      const answer = await ask(endpoint, { headers: { Accept: accept }, body: `token=${token}` });
      expect(answer.body).toContain('"active":true');
    },
  );

  it('R7662-11 Expect: 100-continue is answered, anything else expected is 417', async () => {
    const answer = await ask(endpoint, { headers: { Expect: '100-continue' }, body: `token=${token}` });
    expect(answer.status).toBe(200);
    expect((await ask(endpoint, { headers: { Expect: 'miracles' }, body: `token=${token}` })).status).toBe(417);
  });
});
