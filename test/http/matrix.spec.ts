import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OAuthError } from '../../src/callers/oauth-error.js';
import { Introspector } from '../../src/introspection/introspector.js';
import { KeysUnavailable } from '../../src/keys/keys-unavailable.js';
import type { TokenVerifier } from '../../src/verification/token-verifier.js';
import { AUDIENCE } from '../vectors/world.js';
import { Door, IDENTIFIER, type DoorOptions } from './support/door.js';
import { bytesOf, header, talk, type RawAnswer } from './support/raw-http.js';
import { basic, request, type RequestParts } from './support/requests.js';

const inactive = '{"active":false}';
const failedAuthentication = '{"error":"invalid_client","error_description":"client authentication failed"}';

/** INV-03 holds for every answer of this file. */
async function ask(door: Door, parts: RequestParts): Promise<RawAnswer> {
  const [answer, ...more] = await talk(door.port, request(parts));
  expect(more).toEqual([]);
  expect(header(answer!, 'cache-control')).toBe('no-store');
  expect(header(answer!, 'pragma')).toBe('no-cache');
  expect(header(answer!, 'x-content-type-options')).toBe('nosniff');
  expect(header(answer!, 'content-type')).toBe('application/json');
  expect(answer!.headerLines.join()).not.toMatch(/x-powered-by|etag|server:|access-control/i);
  return answer!;
}

function errorOf({ body }: RawAnswer): unknown {
  return (JSON.parse(body) as { error: unknown }).error;
}

describe('the response matrix', () => {
  let door: Door;
  let token: string;

  beforeAll(async () => {
    door = await Door.open();
    token = door.context.good.build();
  });

  afterAll(() => door.close());

  it('X01 a good token that the caller may see: its claims', async () => {
    const answer = await ask(door, { body: `token=${token}` });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toEqual({
      active: true,
      iss: 'https://login.corp.example',
      sub: 'alice',
      aud: AUDIENCE,
      exp: door.context.now + 300,
      iat: door.context.now,
      nbf: door.context.now,
      jti: 'token-1',
      client_id: 'shop',
      token_type: 'Bearer',
    });
  });

  it.each(['access_token', 'refresh_token', 'foo', 'urn:x'])('R7662-05 the hint %s changes nothing', async (hint) => {
    const plain = await ask(door, { body: `token=${token}` });
    const hinted = await ask(door, { body: `token=${token}&token_type_hint=${hint}` });
    expect(bytesOf(hinted)).toBe(bytesOf(plain));
  });

  it('R7662-06 unknown parameters are ignored, repeated or not', async () => {
    const answer = await ask(door, { body: `foo=bar&token=${token}&scope=x&resource=y&resource=z` });
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('"active":true');
  });

  it.each([' ', '%20', '+', '%09', '%0a', 'Bearer+', 'Bearer%20', '%22', "'"])(
    'R7662-13 the token is taken literally: %s before or after it is not trimmed',
    async (extra) => {
      expect((await ask(door, { body: `token=${extra}${token}` })).body).toBe(inactive);
      expect((await ask(door, { body: `token=${token}${extra}` })).body).toBe(inactive);
    },
  );

  it('X02 a bad token: inactive', async () => {
    const answer = await ask(door, { body: 'token=not-a-token' });
    expect(answer.status).toBe(200);
    expect(answer.body).toBe(inactive);
  });

  it.each(['elsewhere', 'deaf'])(
    'X03 a good token that is not for caller %s: the same bytes as X02',
    async (caller) => {
      const headers = { Authorization: basic(caller) };
      const withheld = await ask(door, { headers, body: `token=${token}` });
      const bad = await ask(door, { headers, body: 'token=not-a-token' });
      expect(withheld.body).toBe(inactive);
      expect(bytesOf(withheld)).toBe(bytesOf(bad));
    },
  );

  it('D-04 a token longer than any, in a body that is not too long: inactive', async () => {
    const answer = await ask(door, { body: `token=${'a'.repeat(60_000)}` });
    expect([answer.status, answer.body]).toEqual([200, inactive]);
  });

  it('X04 no credentials: 401 with every challenge', async () => {
    const answer = await ask(door, { headers: { Authorization: undefined }, body: `token=${token}` });
    expect([answer.status, answer.body]).toEqual([401, failedAuthentication]);
    expect(answer.headerLines.filter((line) => line.startsWith('www-authenticate'))).toEqual([
      'www-authenticate: Basic realm="assay", charset="UTF-8"',
      'www-authenticate: Bearer realm="assay"',
    ]);
  });

  it('R7662-14 R7662-20 without credentials the token is not looked at, good or not', async () => {
    const before = [door.introspected, door.keys.looks];
    const headers = { Authorization: undefined };
    const good = await ask(door, { headers, body: `token=${token}` });
    const bad = await ask(door, { headers, body: 'token=bad' });
    const none = await ask(door, { headers });
    expect(bytesOf(good)).toBe(bytesOf(bad));
    expect(bytesOf(good)).toBe(bytesOf(none));
    expect([door.introspected, door.keys.looks]).toEqual(before);
  });

  it('X05 no credentials, and a signed answer asked for: 400', async () => {
    for (const accept of [
      'application/token-introspection+jwt',
      'text/html, Application/Token-Introspection+JWT;q=0.9',
    ]) {
      const headers = { Authorization: undefined, Accept: accept };
      const answer = await ask(door, { headers, body: `token=${token}` });
      expect([answer.status, errorOf(answer)]).toEqual([400, 'invalid_client']);
    }
  });

  it('X05 wrong credentials, and a signed answer asked for: 401 as ever', async () => {
    const headers = { Authorization: basic('orders', 'wrong'), Accept: 'application/token-introspection+jwt' };
    expect((await ask(door, { headers, body: `token=${token}` })).status).toBe(401);
  });

  it.each([
    ['an unknown client id', basic('nobody')],
    ['a wrong secret', basic('orders', 'wrong')],
    ['a caller that has no secret', basic('mesh')],
    ['something that is not base64', 'Basic ***'],
    ['an empty secret', basic('orders', '')],
  ])('X06 %s: one constant 401', async (_, authorization) => {
    const answer = await ask(door, { headers: { Authorization: authorization }, body: `token=${token}` });
    expect([answer.status, answer.body]).toEqual([401, failedAuthentication]);
    expect(header(answer, 'www-authenticate')).toBe('Basic realm="assay", charset="UTF-8"');
  });

  it('X06 a wrong secret in the form: 401', async () => {
    const form = { headers: { Authorization: undefined }, body: `token=${token}&client_id=orders&client_secret=wrong` };
    expect((await ask(door, form)).status).toBe(401);
  });

  it('X07 a bearer token that is not good, or nobody’s: 401 invalid_token', async () => {
    const foreign = door.context.good.for(IDENTIFIER).with({ sub: 'nobody' }).build();
    const expired = door.context.good.for(IDENTIFIER).with({ sub: 'workload' }).expiredAt(door.context.now).build();
    for (const bearer of [foreign, expired, 'opaque']) {
      const answer = await ask(door, { headers: { Authorization: `Bearer ${bearer}` }, body: `token=${token}` });
      expect([answer.status, errorOf(answer)]).toEqual([401, 'invalid_token']);
      expect(header(answer, 'www-authenticate')).toBe('Bearer realm="assay", error="invalid_token"');
    }
  });

  it('R7662-19 a bearer token authenticates its caller, but does not vouch for itself', async () => {
    const bearer = door.context.good.for([IDENTIFIER, AUDIENCE]).with({ sub: 'workload' }).build();
    const headers = { Authorization: `Bearer ${bearer}` };
    expect((await ask(door, { headers, body: `token=${token}` })).body).toContain('"active":true');
    expect((await ask(door, { headers, body: `token=${bearer}` })).status).toBe(401);
  });

  it('X08 a caller without any right: 401 invalid_client', async () => {
    const answer = await ask(door, { headers: { Authorization: basic('idle') }, body: `token=${token}` });
    expect([answer.status, answer.body]).toEqual([401, failedAuthentication]);
  });

  it('X09 two authentication methods: 400, whatever they say', async () => {
    const twice = await ask(door, { body: `token=${token}&client_id=orders&client_secret=x` });
    expect([twice.status, errorOf(twice)]).toEqual([400, 'invalid_request']);
    const assertion = 'client_assertion=x&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    const withAssertion = await ask(door, { body: `token=${token}&${assertion}` });
    expect([withAssertion.status, errorOf(withAssertion)]).toEqual([400, 'invalid_client']);
  });

  it.each([
    ['missing', ''],
    ['missing', 'token_type_hint=access_token'],
    ['empty', 'token='],
    ['without a value', 'token'],
    ['repeated', 'token=a&token=a'],
    ['repeated, once empty', 'token=a&token='],
  ])('X10 token %s (%s): 400', async (_, body) => {
    const answer = await ask(door, { body });
    expect([answer.status, errorOf(answer)]).toEqual([400, 'invalid_request']);
  });

  it.each(['token_type_hint', 'client_id', 'client_secret', 'client_assertion', 'client_assertion_type'])(
    'X10 %s repeated: 400',
    async (name) => {
      const answer = await ask(door, { body: `token=a&${name}=x&${name}=x` });
      expect([answer.status, errorOf(answer)]).toEqual([400, 'invalid_request']);
    },
  );

  it('X10 without any body: 400', async () => {
    const bare = { headers: { 'Content-Type': undefined, 'Content-Length': undefined } };
    expect((await ask(door, bare)).status).toBe(400);
  });

  it.each(['token', 'access_token', 'client_secret', 'client_assertion', 'TOKEN', '%74oken', 'a=b&token'])(
    'X11 R7662-09 %s in the query: 400, and it is not logged',
    async (name) => {
      const answer = await ask(door, { target: `/introspect?${name}=${token}`, body: `token=${token}` });
      expect([answer.status, errorOf(answer)]).toEqual([400, 'invalid_request']);
      expect(door.log).not.toContain(token.slice(0, 20));
    },
  );

  it.each(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'])('X12 %s: 405', async (method) => {
    const answer = await ask(door, { method, target: `/introspect?token=${token}` });
    expect([answer.status, errorOf(answer), header(answer, 'allow')]).toEqual([405, 'invalid_request', 'POST']);
    expect(door.log).not.toContain(token.slice(0, 20));
  });

  it('X12 HEAD: 405 without a body', async () => {
    const answers = await talk(door.port, request({ method: 'HEAD' }));
    expect(answers[0]).toMatchObject({ status: 405, body: '' });
    expect(header(answers[0]!, 'allow')).toBe('POST');
  });

  it('X12 a resource that does not exist: 404', async () => {
    for (const target of ['/', '/introspect/', '/Introspect', '//introspect', '/introspect;x', '/metrics', '/livez']) {
      expect((await ask(door, { target, body: `token=${token}` })).status).toBe(404);
    }
  });

  it.each([undefined, 'application/json', 'multipart/form-data; boundary=x', 'text/plain', 'application/xml', ''])(
    'X13 content type %s: 415',
    async (type) => {
      const answer = await ask(door, { headers: { 'Content-Type': type }, body: `token=${token}` });
      expect([answer.status, errorOf(answer)]).toEqual([415, 'invalid_request']);
    },
  );

  it('R7662-12 X13 an encoded body: 415', async () => {
    for (const encoding of ['gzip', 'br', 'deflate', 'identity, gzip', 'x']) {
      const answer = await ask(door, { headers: { 'Content-Encoding': encoding }, body: `token=${token}` });
      expect(answer.status).toBe(415);
    }
    expect((await ask(door, { headers: { 'Content-Encoding': 'identity' }, body: 'token=x' })).status).toBe(200);
  });

  it('X14 a body over the limit: 413 and close', async () => {
    const answer = await ask(door, { body: `token=${'a'.repeat(65_536)}` });
    expect([answer.status, errorOf(answer), header(answer, 'connection')]).toEqual([413, 'invalid_request', 'close']);
  });

  it('X14 a body of unknown length over the limit: 413 and close', async () => {
    const chunk = `1000\r\n${'a'.repeat(4096)}\r\n`;
    const headers = { 'Content-Length': undefined, 'Transfer-Encoding': 'chunked' };
    const [answer] = await talk(door.port, Buffer.concat([request({ headers }), Buffer.from(chunk.repeat(17))]));
    expect([answer!.status, header(answer!, 'connection')]).toEqual([413, 'close']);
  });

  it('X15 a target over the limit: 414 and close', async () => {
    const answer = await ask(door, { target: `/introspect?${'a'.repeat(4096)}` });
    expect([answer.status, header(answer, 'connection')]).toEqual([414, 'close']);
  });

  it('X15 headers over the limit: 431 and close', async () => {
    const answer = await ask(door, { headers: { Cookie: 'a'.repeat(16_384) } });
    expect([answer.status, header(answer, 'connection')]).toEqual([431, 'close']);
  });

  it.each(['*/*', 'text/html', 'application/json;q=0', 'application/token-introspection+jwt', 'nonsense'])(
    'X21 Accept: %s gets JSON',
    async (accept) => {
      const answer = await ask(door, { headers: { Accept: accept }, body: `token=${token}` });
      expect(answer.body).toContain('"active":true');
    },
  );

  it('R7662-11 Expect: 100-continue is answered, anything else expected is 417', async () => {
    const answer = await ask(door, { headers: { Expect: '100-continue' }, body: `token=${token}` });
    expect(answer.status).toBe(200);
    expect((await ask(door, { headers: { Expect: 'miracles' }, body: `token=${token}` })).status).toBe(417);
  });
});

describe('the response matrix, when we cannot answer', () => {
  let door: Door;

  async function opened(options: DoorOptions): Promise<Door> {
    door = await Door.open(options);
    return door;
  }

  afterEach(() => door.close());

  it('X16 too many failures: 429 with Retry-After, and whoever has the secret is served', async () => {
    await opened({});
    const wrong = request({ headers: { Authorization: basic('orders', 'guess') }, body: 'token=x' });
    const answers = await talk(door.port, Buffer.concat(Array.from({ length: 120 }, () => wrong)));
    const last = answers.at(-1)!;
    expect([answers[0]!.status, last.status]).toEqual([401, 429]);
    expect(Number(header(last, 'retry-after'))).toBeGreaterThan(0);
    expect(header(last, 'cache-control')).toBe('no-store');
  });

  it('X17 INV-06 keys that cannot be known: 503 with Retry-After, and the next answer does not remember it', async () => {
    let isDown = true;
    await opened({
      keys: (held) => ({
        known: (issuer, jwtHeader) => (isDown ? undefined : held.known(issuer, jwtHeader)),
        find: () => Promise.reject(new KeysUnavailable('main', 7)),
      }),
    });
    const token = door.context.good.build();
    const answer = await ask(door, { body: `token=${token}` });
    expect([answer.status, answer.body]).toEqual([503, '{"error":"temporarily_unavailable"}']);
    expect(header(answer, 'retry-after')).toBe('7');
    isDown = false;
    expect((await ask(door, { body: `token=${token}` })).body).toContain('"active":true');
  });

  it('X18 a source that the policy needs and that cannot be reached: 503, no active member', async () => {
    const unavailable = new OAuthError('temporarily_unavailable', 'revocations are not known', {
      retryAfterSeconds: 3,
    });
    await opened({ introspector: failingWith(unavailable) });
    const answer = await ask(door, { body: 'token=x' });
    expect([answer.status, errorOf(answer), header(answer, 'retry-after')]).toEqual([
      503,
      'temporarily_unavailable',
      '3',
    ]);
    expect(answer.body).not.toContain('active"');
  });

  it('X19 going away: 503, Retry-After and close, on every resource', async () => {
    await opened({});
    door.drain.begin();
    for (const target of ['/introspect', '/.well-known/oauth-authorization-server', '/nowhere']) {
      const answer = await ask(door, { target, body: 'token=x' });
      expect([answer.status, errorOf(answer)]).toEqual([503, 'temporarily_unavailable']);
      expect(header(answer, 'connection')).toBe('close');
      expect(header(answer, 'retry-after')).toBe('1');
    }
  });

  it('X20 INV-01 a bug: a constant 500, and neither token nor secret in it or in the log', async () => {
    const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlLXRoYXQtaXMtbG9uZw';
    await opened({ introspector: failingWith(new TypeError(`cannot read ${token} of Basic b3JkZXJz`)) });
    const answer = await ask(door, { body: `token=${token}` });
    expect([answer.status, answer.body]).toEqual([500, '{"error":"server_error"}']);
    expect(door.log).toContain('unexpected error');
    expect(door.log).not.toMatch(/eyJ|b3JkZXJz/);
  });
});

function failingWith(error: Error): Introspector {
  const introspector = new Introspector({} as TokenVerifier);
  introspector.introspect = () => Promise.reject(error);
  return introspector;
}
