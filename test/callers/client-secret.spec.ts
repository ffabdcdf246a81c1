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

  it('tell operators which registered caller was named, and no text of a stranger', async () => {
    const named = async (presented: Parameters<typeof reception.refusal>[0]) =>
      (await reception.refusal(presented)).caller;
    expect(await named(basic('orders-api', 'wrong'))).toBe('orders-api');
    expect(await named(encodedBasic('orders-api', 'wrong'))).toBe('orders-api');
    expect(await named({ form: { clientId: 'orders-api', clientSecret: 'wrong' } })).toBe('orders-api');
    expect(await named(basic('nobody', secret))).toBeUndefined();
    expect(await named({ authorization: ['Basic'] })).toBeUndefined();

    const braked = new Reception([aCaller({ secrets: [secret] })], [], { burst: 1 });
    await braked.refusal(basic('orders-api', 'wrong'));
    expect(await braked.refusal(basic('orders-api', 'wrong'))).toMatchObject({ status: 429, caller: 'orders-api' });
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
    expect(inspect(reception.callers, { depth: null, showHidden: true })).not.toContain(secret);
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
    const expires = reception.clock.wallMs() + 60_000;
    reception.register([aCaller({ secrets: [{ value: secret, expires }, next] })]);
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
