import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { aCaller, basic, bearer, encodedBasic, Reception } from './reception.js';

const secret = 'correct-horse-battery-staple';
const basicChallenge = 'Basic realm="assay", charset="UTF-8"';
const invalidClient = { status: 401, code: 'invalid_client', description: 'client authentication failed' };

describe('client_secret_basic and client_secret_post', () => {
  const reception = new Reception([aCaller({ secrets: [secret] })], [], { burst: 1e6 });

  it('R6749-02 authenticate the caller whose secret it is', async () => {
    expect((await reception.authenticate(basic('orders-api', secret))).id).toBe('orders-api');
    expect((await reception.authenticate(encodedBasic('orders-api', secret))).id).toBe('orders-api');
    const form = { clientId: 'orders-api', clientSecret: secret };
    expect((await reception.authenticate({ form })).id).toBe('orders-api');
  });

  it('X06 R6749-09 refuse everything else with one constant answer and the challenge of the scheme', async () => {
    for (const presented of [basic('orders-api', 'wrong'), basic('nobody', secret), { authorization: ['Basic'] }]) {
      expect(await reception.refusal(presented)).toMatchObject({ ...invalidClient, challenges: [basicChallenge] });
    }
    const inBody = await reception.refusal({ form: { clientId: 'orders-api', clientSecret: 'wrong' } });
    expect(inBody).toMatchObject({ ...invalidClient, challenges: [basicChallenge] });
  });

  it('X04 R9110-01 answer 401 with every enabled scheme when nothing was presented', async () => {
    expect(await reception.refusal({})).toMatchObject({ ...invalidClient, challenges: [basicChallenge] });
    expect(await reception.refusal({ form: { clientId: 'orders-api' } })).toMatchObject(invalidClient);
  });

  it('R6749-01 X09 refuse two methods, even where both are right', async () => {
    const form = { clientId: 'orders-api', clientSecret: secret };
    for (const header of [basic('orders-api', secret), bearer('abc')]) {
      expect(await reception.refusal({ ...header, form })).toMatchObject({ status: 400, code: 'invalid_request' });
    }
  });

  it('R6749-01 allow the same client_id beside Basic, and no other', async () => {
    const form = { clientId: 'orders-api' };
    expect((await reception.authenticate({ ...basic('orders-api', secret), form })).id).toBe('orders-api');
    const other = await reception.refusal({ ...basic('orders-api', secret), form: { clientId: 'billing' } });
    expect(other).toMatchObject({ status: 400, code: 'invalid_request' });
  });

  it.each(['', 'null', 'undefined', 'x'.repeat(2 ** 20), `${secret}\0`, `\0${secret}`, '[object Object]'])(
    'I-03 refuse the secret %.20j',
    async (wrong) => {
      const form = { clientId: 'orders-api', clientSecret: wrong };
      expect(await reception.refusal({ form })).toMatchObject(invalidClient);
      const header = await reception.refusal(basic('orders-api', wrong));
      expect(header.status).toBe(wrong.length > 8192 ? 400 : 401);
    },
  );

  it('I-03 do not take one Unicode normal form for another', async () => {
    const composed = 'caf\u00e9-caf\u00e9-caf\u00e9-caf\u00e9';
    const unicode = new Reception([aCaller({ secrets: [composed] })]);
    expect((await unicode.authenticate(basic('orders-api', composed))).id).toBe('orders-api');
    expect(await unicode.refusal(basic('orders-api', composed.normalize('NFD')))).toMatchObject(invalidClient);
  });

  it.each([
    '*',
    '?',
    '[a-z]*',
    'orders*',
    "' OR 1=1 --",
    '__proto__',
    'constructor',
    'toString',
    'orders-api\r\n',
    '{"$ne":1}',
    '',
  ])('I-04 refuse the client id %j', async (id) => {
    expect(await reception.refusal(basic(id, secret))).toMatchObject(invalidClient);
    expect(await reception.refusal({ form: { clientId: id, clientSecret: secret } })).toMatchObject(invalidClient);
  });

  it('H-16 refuse a scheme that does not exist here with every challenge', async () => {
    const refusal = await reception.refusal({ authorization: ['Digest username="orders-api"'] });
    expect(refusal).toMatchObject({ ...invalidClient, challenges: [basicChallenge] });
  });

  it('I-10 never carry what was presented in the error', async () => {
    const canary = 'canary-secret-0123456789';
    for (const presented of [
      basic('orders-api', canary),
      basic(canary, 'x'),
      bearer(canary),
      { form: { clientSecret: canary } },
    ]) {
      const refusal = await reception.refusal(presented);
      expect(inspect(refusal, { depth: null, showHidden: true }) + JSON.stringify(refusal)).not.toContain(canary);
    }
    expect(inspect(reception.directory, { depth: null, showHidden: true })).not.toContain(secret);
  });

  it('X08 D-23 refuse a caller that has no right at all', async () => {
    const mute = new Reception([aCaller({ secrets: [secret], issuers: [] })]);
    expect(await mute.refusal(basic('orders-api', secret))).toMatchObject(invalidClient);
    const deaf = new Reception([aCaller({ secrets: [secret], audiences: [] })]);
    expect(await deaf.refusal(basic('orders-api', secret))).toMatchObject(invalidClient);
  });

  it('do not authenticate a caller that registered no secret', async () => {
    const certificateOnly = new Reception([aCaller({ id: 'mesh', certificate: { sanDns: 'a.example' } })]);
    expect(await certificateOnly.refusal(basic('mesh', ''))).toMatchObject(invalidClient);
    expect(await certificateOnly.refusal(basic('mesh', secret))).toMatchObject(invalidClient);
  });
});

describe('I-05 Basic, raw and form-encoded', () => {
  it.each([
    ['unreserved', 'A-Z.a_z~0-9-0123456789'],
    ['colon', 'with:colon:0123456789abcdef'],
    ['percent', 'with%percent%0123456789'],
    ['encoded-looking', 'with%41percent%2B0123456789'],
    ['plus', 'with+plus+0123456789abcdef'],
    ['space', 'with space 0123456789abcdef'],
    ['letter', 'with-é-€-0123456789abcdef'],
  ])('I-05 R6749-03 a secret with %s authenticates in both forms, and in no third', async (_what, secretOfKind) => {
    const reception = new Reception([aCaller({ secrets: [secretOfKind] })]);
    expect((await reception.authenticate(encodedBasic('orders-api', secretOfKind))).id).toBe('orders-api');
    expect((await reception.authenticate(basic('orders-api', secretOfKind))).id).toBe('orders-api');
    expect(await reception.refusal(basic('orders-api', `${secretOfKind}x`))).toMatchObject(invalidClient);
    const form = { clientId: 'orders-api', clientSecret: secretOfKind };
    expect((await reception.authenticate({ form })).id).toBe('orders-api');
  });

  it('I-05 R6749-02 an id with a colon authenticates only in the encoded form', async () => {
    const reception = new Reception([aCaller({ id: 'a:b', secrets: [secret] })]);
    expect((await reception.authenticate(encodedBasic('a:b', secret))).id).toBe('a:b');
    expect(await reception.refusal(basic('a:b', secret))).toMatchObject(invalidClient);
  });

  it('I-05 R6749-04 a malformed percent-encoding is a wrong secret', async () => {
    const reception = new Reception([aCaller({ secrets: [secret] })]);
    for (const wrong of ['%zz', '%', '%u0041', '%c0%ae', '%ff']) {
      expect(await reception.refusal(basic('orders-api', wrong))).toMatchObject(invalidClient);
    }
  });

  it('I-05 the body is not decoded a second time', async () => {
    const reception = new Reception([aCaller({ secrets: ['with percent 0123456789'] })]);
    const form = { clientId: 'orders-api', clientSecret: 'with%20percent%200123456789' };
    expect(await reception.refusal({ form })).toMatchObject(invalidClient);
  });
});

describe('I-08 rotation of secrets', () => {
  const next = 'the-next-secret-of-the-caller';

  it('I-08 both secrets work until the old one expires, then only the new one', async () => {
    const reception = new Reception([]);
    const expiresAtMs = reception.clock.wallMs() + 60_000;
    reception.register([aCaller({ secrets: [{ value: secret, expiresAtMs }, next] })]);
    await reception.authenticate(basic('orders-api', secret));
    await reception.authenticate(basic('orders-api', next));
    await reception.clock.advance(60_000);
    expect(await reception.refusal(basic('orders-api', secret))).toMatchObject(invalidClient);
    await reception.authenticate(basic('orders-api', next));
  });

  it('I-08 a secret that the configuration no longer has is refused from the next request on', async () => {
    const reception = new Reception([aCaller({ secrets: [secret, next] })]);
    await reception.authenticate(basic('orders-api', secret));
    reception.register([aCaller({ secrets: [next] })]);
    expect(await reception.refusal(basic('orders-api', secret))).toMatchObject(invalidClient);
    await reception.authenticate(basic('orders-api', next));
  });

  it('a caller that the configuration no longer has is refused from the next request on', async () => {
    const reception = new Reception([aCaller({ secrets: [secret] })]);
    reception.register([]);
    expect(await reception.refusal(basic('orders-api', secret))).toMatchObject(invalidClient);
  });
});

describe('I-02 brute force', () => {
  const limits = { burst: 20, forgiveMs: 1000 };
  const reception = () =>
    new Reception([aCaller({ secrets: [secret] }), aCaller({ id: 'billing', secrets: [`${secret}-2`] })], [], limits);

  async function statuses(at: Reception, attempts: number, source: (i: number) => string, id: (i: number) => string) {
    const seen = new Map<number, number>();
    for (let i = 0; i < attempts; i++) {
      const { status } = await at.refusal({ ...basic(id(i), `guess-${i}`), source: source(i) });
      seen.set(status, (seen.get(status) ?? 0) + 1);
    }
    return seen;
  }

  it('I-02 X16 a thousand guesses from one source get twenty answers, and Retry-After', async () => {
    const at = reception();
    const seen = await statuses(
      at,
      1000,
      () => '192.0.2.66',
      () => 'orders-api',
    );
    expect(seen).toEqual(
      new Map([
        [401, 19],
        [429, 981],
      ]),
    );
    expect(await at.refusal({ ...basic('orders-api', secret), source: '192.0.2.66' })).toMatchObject({
      status: 429,
      code: 'temporarily_unavailable',
      retryAfterSeconds: 1,
    });
    expect((await at.authenticate({ ...basic('orders-api', secret), source: '198.51.100.1' })).id).toBe('orders-api');
    expect((await at.authenticate({ ...basic('billing', `${secret}-2`), source: '198.51.100.1' })).id).toBe('billing');
  });

  it('I-02 guesses that are spread over ids are slowed by their source', async () => {
    const seen = await statuses(
      reception(),
      1000,
      () => '192.0.2.66',
      (i) => `id-${i}`,
    );
    expect(seen.get(401)).toBe(19);
  });

  it('I-02 guesses that are spread over sources are slowed by the id, and the caller is still served', async () => {
    const at = reception();
    const seen = await statuses(
      at,
      1000,
      (i) => `10.0.${i >> 8}.${i & 255}`,
      () => 'orders-api',
    );
    expect(seen.get(401)).toBe(19);
    expect((await at.authenticate({ ...basic('orders-api', secret), source: '198.51.100.1' })).id).toBe('orders-api');
  });

  it('I-02 R6749-07 a right secret never locks out, however often it is used', async () => {
    const at = reception();
    for (let i = 0; i < 1000; i++) await at.authenticate(basic('orders-api', secret));
    expect((await at.authenticate(basic('orders-api', secret))).id).toBe('orders-api');
  });

  it('I-02 R6749-07 a caller goes on being served beside an attacker at its own address', async () => {
    const at = reception();
    await at.authenticate(basic('orders-api', secret));
    await statuses(
      at,
      1000,
      () => '192.0.2.1',
      (i) => (i % 2 ? 'orders-api' : 'billing'),
    );
    expect((await at.authenticate(basic('orders-api', secret))).id).toBe('orders-api');
  });

  it('I-02 the wait ends', async () => {
    const at = reception();
    await statuses(
      at,
      100,
      () => '192.0.2.66',
      () => 'orders-api',
    );
    await at.clock.advance(1000);
    expect((await at.authenticate({ ...basic('orders-api', secret), source: '192.0.2.66' })).id).toBe('orders-api');
  });

  it('requests without credentials are not guesses', async () => {
    const at = reception();
    for (let i = 0; i < 100; i++) expect((await at.refusal({})).status).toBe(401);
    expect((await at.authenticate(basic('orders-api', secret))).id).toBe('orders-api');
  });
});
