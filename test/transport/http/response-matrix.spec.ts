import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IDENTIFIER } from '../../endpoints/reception.js';
import { AUDIENCE } from '../../vectors/world.js';
import { ask, errorOf, inactive } from './support/ask.js';
import { HttpEndpoint } from './support/http-endpoint.js';
import { bytesOf, header } from './support/raw-http.js';
import { basic } from './support/requests.js';

const failedAuthentication = '{"error":"invalid_client","error_description":"client authentication failed"}';

describe('the response matrix', () => {
  let endpoint: HttpEndpoint;
  let token: string;

  beforeAll(async () => {
    endpoint = await HttpEndpoint.open();
    token = endpoint.context.good.build();
  });

  afterAll(() => endpoint.close());

  it('X01 a good token that the caller may see: its claims', async () => {
    const answer = await ask(endpoint, { body: `token=${token}` });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toEqual({
      active: true,
      iss: 'https://login.corp.example',
      sub: 'alice',
      aud: AUDIENCE,
      exp: endpoint.context.now + 300,
      iat: endpoint.context.now,
      nbf: endpoint.context.now,
      jti: 'token-1',
      client_id: 'shop',
      token_type: 'Bearer',
    });
  });

  it.each(['access_token', 'refresh_token', 'foo', 'urn:x'])('R7662-05 the hint %s changes nothing', async (hint) => {
    const plain = await ask(endpoint, { body: `token=${token}` });
    const hinted = await ask(endpoint, { body: `token=${token}&token_type_hint=${hint}` });
    expect(bytesOf(hinted)).toBe(bytesOf(plain));
  });

  it('R7662-06 unknown parameters are ignored, repeated or not', async () => {
    const answer = await ask(endpoint, { body: `foo=bar&token=${token}&scope=x&resource=y&resource=z` });
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('"active":true');
  });

  it.each([' ', '%20', '+', '%09', '%0a', 'Bearer+', 'Bearer%20', '%22', "'"])(
    'R7662-13 the token is taken literally: %s before or after it is not trimmed',
    async (extra) => {
      expect((await ask(endpoint, { body: `token=${extra}${token}` })).body).toBe(inactive);
      expect((await ask(endpoint, { body: `token=${token}${extra}` })).body).toBe(inactive);
    },
  );

  it('X02 a bad token: inactive', async () => {
    const answer = await ask(endpoint, { body: 'token=not-a-token' });
    expect(answer.status).toBe(200);
    expect(answer.body).toBe(inactive);
  });

  it.each(['elsewhere', 'deaf'])(
    'X03 a good token that is not for caller %s: the same bytes as X02',
    async (caller) => {
      const headers = { Authorization: basic(caller) };
      const withheld = await ask(endpoint, { headers, body: `token=${token}` });
      const bad = await ask(endpoint, { headers, body: 'token=not-a-token' });
      expect(withheld.body).toBe(inactive);
      expect(bytesOf(withheld)).toBe(bytesOf(bad));
    },
  );

  it('D-04 a token longer than any, in a body that is not too long: inactive', async () => {
    const answer = await ask(endpoint, { body: `token=${'a'.repeat(60_000)}` });
    expect([answer.status, answer.body]).toEqual([200, inactive]);
  });

  it('X04 no credentials: 401 with every challenge', async () => {
    const answer = await ask(endpoint, { headers: { Authorization: undefined }, body: `token=${token}` });
    expect([answer.status, answer.body]).toEqual([401, failedAuthentication]);
    expect(answer.headerLines.filter((line) => line.startsWith('www-authenticate'))).toEqual([
      'www-authenticate: Basic realm="assay", charset="UTF-8"',
      'www-authenticate: Bearer realm="assay"',
    ]);
  });

  it('R7662-14 R7662-20 without credentials the token is not looked at, good or not', async () => {
    const before = [endpoint.introspected, endpoint.keys.fetches];
    const headers = { Authorization: undefined };
    const good = await ask(endpoint, { headers, body: `token=${token}` });
    const bad = await ask(endpoint, { headers, body: 'token=bad' });
    const none = await ask(endpoint, { headers });
    expect(bytesOf(good)).toBe(bytesOf(bad));
    expect(bytesOf(good)).toBe(bytesOf(none));
    expect([endpoint.introspected, endpoint.keys.fetches]).toEqual(before);
  });

  it('X05 no credentials, and a signed answer asked for: 400', async () => {
    for (const accept of [
      'application/token-introspection+jwt',
      'text/html, Application/Token-Introspection+JWT;q=0.9',
    ]) {
      const headers = { Authorization: undefined, Accept: accept };
      const answer = await ask(endpoint, { headers, body: `token=${token}` });
      expect([answer.status, errorOf(answer)]).toEqual([400, 'invalid_client']);
    }
  });

  it('X05 wrong credentials, and a signed answer asked for: 401 as ever', async () => {
    const headers = { Authorization: basic('orders', 'wrong'), Accept: 'application/token-introspection+jwt' };
    expect((await ask(endpoint, { headers, body: `token=${token}` })).status).toBe(401);
  });

  it.each([
    ['an unknown client id', basic('nobody')],
    ['a wrong secret', basic('orders', 'wrong')],
    ['a caller that has no secret', basic('mesh')],
    ['something that is not base64', 'Basic ***'],
    ['an empty secret', basic('orders', '')],
  ])('X06 %s: one constant 401', async (_, authorization) => {
    const answer = await ask(endpoint, { headers: { Authorization: authorization }, body: `token=${token}` });
    expect([answer.status, answer.body]).toEqual([401, failedAuthentication]);
    expect(header(answer, 'www-authenticate')).toBe('Basic realm="assay", charset="UTF-8"');
  });

  it('X06 a wrong secret in the form: 401', async () => {
    const form = { headers: { Authorization: undefined }, body: `token=${token}&client_id=orders&client_secret=wrong` };
    expect((await ask(endpoint, form)).status).toBe(401);
  });

  it('X07 a bearer token that is not good, or nobody’s: 401 invalid_token', async () => {
    const foreign = endpoint.context.good.for(IDENTIFIER).with({ sub: 'nobody' }).build();
    const expired = endpoint.context.good
      .for(IDENTIFIER)
      .with({ sub: 'workload' })
      .expiredAt(endpoint.context.now)
      .build();
    for (const bearer of [foreign, expired, 'opaque']) {
      const answer = await ask(endpoint, { headers: { Authorization: `Bearer ${bearer}` }, body: `token=${token}` });
      expect([answer.status, errorOf(answer)]).toEqual([401, 'invalid_token']);
      expect(header(answer, 'www-authenticate')).toBe('Bearer realm="assay", error="invalid_token"');
    }
  });

  it('R7662-19 a bearer token authenticates its caller, but does not vouch for itself', async () => {
    const bearer = endpoint.context.good.for([IDENTIFIER, AUDIENCE]).with({ sub: 'workload' }).build();
    const headers = { Authorization: `Bearer ${bearer}` };
    expect((await ask(endpoint, { headers, body: `token=${token}` })).body).toContain('"active":true');
    expect((await ask(endpoint, { headers, body: `token=${bearer}` })).status).toBe(401);
  });

  it('X08 a caller without any right: 401 invalid_client', async () => {
    const answer = await ask(endpoint, { headers: { Authorization: basic('idle') }, body: `token=${token}` });
    expect([answer.status, answer.body]).toEqual([401, failedAuthentication]);
  });

  it('X09 two authentication methods: 400, whatever they say', async () => {
    const twice = await ask(endpoint, { body: `token=${token}&client_id=orders&client_secret=x` });
    expect([twice.status, errorOf(twice)]).toEqual([400, 'invalid_request']);
    const assertion = 'client_assertion=x&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    const withAssertion = await ask(endpoint, { body: `token=${token}&${assertion}` });
    expect([withAssertion.status, errorOf(withAssertion)]).toEqual([400, 'invalid_client']);
  });
});
