import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, inactive } from './support/ask.js';
import { HttpEndpoint } from './support/http-endpoint.js';
import type { RequestParts } from './support/requests.js';

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

describe('2.H the form', () => {
  it.each(['token=a&token=b', 'token=a&%74oken=b', '%74%6f%6b%65%6e=a&token=b', 'token=a&tok%65n=b', 'token&token=b'])(
    'H-01 %s repeats a parameter: 400',
    async (body) => {
      expect(await statusOf({ body })).toBe(400);
    },
  );

  it.each([
    'token[]=a',
    'token[0]=a',
    'token.x=a',
    'TOKEN=a',
    'Token=a',
    'token%5B%5D=a',
    'token%00=a',
    ' token=a',
    '+token=a',
  ])('H-01 %s is another name: the token is missing', async (body) => {
    expect(await statusOf({ body })).toBe(400);
    expect((await ask(endpoint, { body: `${body}&token=${token}` })).body).toContain('"active":true');
  });

  it.each(['__proto__=x', 'constructor=x', '__proto__[caller]=x', 'toString=x', 'caller=x'])(
    'H-01 %s is a name like any other',
    async (body) => {
      expect((await ask(endpoint, { body: `${body}&token=${token}` })).body).toContain('"active":true');
    },
  );

  it.each(['&&', 'token', '=x', '=', '&=&', 'x;token=a', '?token=a', 'foo=token=a', '&'.repeat(65_000)])(
    'H-02 %.20s: the token is missing',
    async (body) => {
      expect(await statusOf({ body })).toBe(400);
    },
  );

  it('H-02 empty pairs around the token are nothing, and a semicolon is part of a value', async () => {
    expect((await ask(endpoint, { body: `&&token=${token}&&` })).body).toContain('"active":true');
    expect((await ask(endpoint, { body: `token=${token};foo=bar` })).body).toBe(inactive);
  });

  it('H-02 too many parameters: 400, more bytes than a body may have: 413', async () => {
    const many = Array.from({ length: 65 }, (_, i) => `p${i}=1`).join('&');
    expect(await statusOf({ body: `${many}&token=${token}` })).toBe(400);
    expect(await statusOf({ body: 'a=1&'.repeat(16_000) })).toBe(400);
    expect(await statusOf({ body: '&'.repeat(1_000_000) })).toBe(413);
  });

  it.each(['%', '%z', '%zz', 'a%2', '%u0041', '%c0%ae', '%ff', '%ed%a0%80', '%f4%90%80%80', '%e2%82'])(
    'H-03 token=%s is not properly encoded: 400',
    async (value) => {
      expect(await statusOf({ body: `token=${value}` })).toBe(400);
      expect(await statusOf({ body: `token=${token}&x${value}=1` })).toBe(400);
    },
  );

  it('H-03 octets that are not UTF-8: 400', async () => {
    for (const octets of ['\xff', '\xc0\xae', '\xed\xa0\x80']) {
      expect(await statusOf({ body: Buffer.from(`token=${octets}`, 'latin1') })).toBe(400);
    }
  });

  it.each(['%00', 'a%00b', 'a+b', '%e2%82%ac', '€', '%F0%9F%92%A9', '%0d%0aSet-Cookie:%20a=b', '\ufeff'])(
    'H-03 token=%s is properly encoded, and no token: inactive',
    async (value) => {
      const answer = await ask(endpoint, { body: `token=${value}` });
      expect([answer.status, answer.body]).toEqual([200, inactive]);
    },
  );

  it.each([
    'application/x-www-form-urlencoded',
    'Application/X-WWW-Form-Urlencoded',
    'application/x-www-form-urlencoded; charset=UTF-8',
    'application/x-www-form-urlencoded;charset=utf-8',
    'application/x-www-form-urlencoded ; Charset="utf-8"',
    'application/x-www-form-urlencoded;',
    'application/x-www-form-urlencoded ; ;',
    'application/x-www-form-urlencoded;; charset=utf-8;',
    'application/x-www-form-urlencoded; charset=ISO-8859-1',
    'application/x-www-form-urlencoded; charset="iso-8859-1"',
    'application/x-www-form-urlencoded;charset=US-ASCII ;',
  ])('R7662-10 %s is the form type', async (type) => {
    expect(await statusOf({ headers: { 'Content-Type': type }, body: 'token=a' })).toBe(200);
  });

  it.each([
    'application/x-www-form-urlencoded; charset=utf-16',
    'application/x-www-form-urlencoded; charset=utf-7',
    'application/x-www-form-urlencoded; charset=utf-8; charset=utf-7',
    'application/x-www-form-urlencoded; charset=',
    'application/x-www-form-urlencoded; charset=""',
    "application/x-www-form-urlencoded; charset='utf-8'",
    'application/x-www-form-urlencoded; charset="utf-8',
    'application/x-www-form-urlencoded; charset = utf-8',
    'application/x-www-form-urlencoded; charset=utf-8; charset=utf-8',
    'application/x-www-form-urlencoded; charset=iso-8859-1; charset=utf-8',
    'application/x-www-form-urlencoded; charset=iso-8859-15',
    'application/x-www-form-urlencoded; charset=windows-1252',
    'application/x-www-form-urlencoded; charset=utf-8; q=1',
    'application/x-www-form-urlencoded, text/html',
    'text/html, application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded; boundary=x',
    'application/x-www-form-urlencodedx',
  ])('H-04 %s: 415', async (type) => {
    expect(await statusOf({ headers: { 'Content-Type': type }, body: 'token=a' })).toBe(415);
  });

  describe.each(['ISO-8859-1', 'us-ascii', '"iso-8859-1"'])('R7662-10 a form in %s', (charset) => {
    const headers = { 'Content-Type': `application/x-www-form-urlencoded; charset=${charset}` };

    it('means what it means in UTF-8 where all of it is ASCII, also what is percent-encoded', async () => {
      const encoded = token.replaceAll(/[.a-f]/g, (octet) => `%${octet.charCodeAt(0).toString(16)}`);
      for (const body of [`token=${token}`, `token=${encoded}&x=%7f%00+%25E9`]) {
        expect((await ask(endpoint, { headers, body })).body).toContain('"active":true');
      }
    });

    it.each(['%E9', '%e9', '%C3%A9', '%80', '%ff', '%f0%9f%92%a9', 'a%9'.concat('0')])(
      'is 415 where an octet would be read otherwise: %s',
      async (octet) => {
        const before = endpoint.introspected;
        expect(await statusOf({ headers, body: `token=${octet}` })).toBe(415);
        expect(await statusOf({ headers, body: `token=${token}&x${octet}=1` })).toBe(415);
        expect(await statusOf({ headers, body: `token=${token}&client_id=${octet}` })).toBe(415);
        expect(endpoint.introspected).toBe(before);
      },
    );

    it('is 415 with any octet outside of ASCII as it is', async () => {
      for (const octet of ['\x80', '\xe9', '\xff', '\xc3\xa9']) {
        expect(await statusOf({ headers, body: Buffer.from(`token=a&x=${octet}`, 'latin1') })).toBe(415);
      }
    });

    it('is 400 where it is not properly encoded', async () => {
      expect(await statusOf({ headers, body: 'token=%zz' })).toBe(400);
      expect(await statusOf({ headers, body: 'token=a&token=a' })).toBe(400);
    });
  });

  it('H-04 two Content-Type headers: 415, whichever comes first', async () => {
    const types = ['application/x-www-form-urlencoded', 'application/json'];
    expect(await statusOf({ headers: { 'Content-Type': types }, body: 'token=a' })).toBe(415);
    expect(await statusOf({ headers: { 'Content-Type': types.toReversed() }, body: 'token=a' })).toBe(415);
    expect(await statusOf({ headers: { 'Content-Type': [types[0]!, types[0]!] }, body: 'token=a' })).toBe(415);
  });

  it('H-04 _charset_ is a parameter without meaning', async () => {
    expect(await statusOf({ body: '_charset_=utf-16&token=%e2%82%ac' })).toBe(200);
  });

  const multipart = '--x\r\nContent-Disposition: form-data; name="token"\r\n\r\na\r\n--x--\r\n';

  it.each([
    ['JSON', '{"token":"a"}'],
    ['multipart', multipart],
    ['GraphQL', 'query { introspect(token: "a") { active } }'],
    ['XML with an external entity', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><token>&b;</token>'],
  ])('H-05 %s that calls itself a form: the token is missing', async (_, body) => {
    const answer = await ask(endpoint, { body });
    expect(answer.status).toBe(400);
    expect(answer.body).not.toContain('root:');
  });

  it.each([
    'application/json',
    'multipart/form-data; boundary=x',
    'application/graphql',
    'application/xml',
    'text/xml',
  ])('H-05 a form that calls itself %s: 415', async (type) => {
    const before = endpoint.introspected;
    expect(await statusOf({ headers: { 'Content-Type': type }, body: `token=${token}` })).toBe(415);
    expect(await statusOf({ headers: { 'Content-Type': type }, body: multipart })).toBe(415);
    expect(endpoint.introspected).toBe(before);
  });
});
