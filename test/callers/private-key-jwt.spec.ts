import { beforeEach, describe, expect, it } from 'vitest';
import { parseIntrospectionForm } from '../../src/introspection/introspection-form.js';
import { KeysUnavailable } from '../../src/keys/key-resolver.js';
import { Rejection } from '../../src/tokens/rejection.js';
import { aJwks, aKey } from '../builders/a-key.js';
import { aToken, encode, type Members, type TokenBuilder } from '../builders/a-token.js';
import { anIssuer } from '../builders/an-issuer.js';
import { aCaller, basic, bearer, identifier, Reception } from './reception.js';

const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const key = aKey();
const keyOfAnother = aKey();
const keyOfTheIssuer = aKey();
const corp = anIssuer({ id: 'corp' });
const invalidClient = { status: 401, code: 'invalid_client', description: 'client authentication failed' };

let reception: Reception;

beforeEach(async () => {
  const callers = [
    aCaller({ assertion: { jwks: aJwks(key) }, secrets: ['a-secret-that-nobody-guesses'] }),
    aCaller({ id: 'billing', assertion: { jwksUri: 'https://billing.example/jwks' } }),
  ];
  reception = new Reception(callers, [corp], { burst: 1e6 });
  for (const [id, its] of [
    ['orders-api', key],
    ['billing', keyOfAnother],
  ] as const) {
    await reception.keys.add(`caller:${id}`, its, reception.assertionIssuers.byId(`caller:${id}`)!);
  }
  await reception.keys.add('corp', keyOfTheIssuer, corp);
});

let serial = 0;

function anAssertion(claims: Members = {}): TokenBuilder {
  return aToken()
    .header({ typ: 'client-authentication+jwt' })
    .signedBy(key)
    .at(reception.nowSeconds())
    .with({ iss: 'orders-api', sub: 'orders-api', aud: identifier, jti: `assertion-${++serial}`, client_id: undefined })
    .with(claims);
}

const presenting = (assertion: string, rest = {}) => ({
  form: { clientAssertion: assertion, clientAssertionType: type, ...rest },
});

describe('private_key_jwt', () => {
  it('R7523-01 R7523-02 authenticates the caller who signed', async () => {
    expect((await reception.authenticate(presenting(anAssertion().build()))).id).toBe('orders-api');
    const named = presenting(anAssertion().build(), { clientId: 'orders-api' });
    expect((await reception.authenticate(named)).id).toBe('orders-api');
  });

  it('tells operators whose assertion was not good, and no name that is not registered', async () => {
    const forged = anAssertion().signedBy(keyOfAnother).build();
    expect(await reception.refusal(presenting(forged))).toMatchObject({ status: 401, caller: 'orders-api' });
    const strange = anAssertion({ iss: 'nobody', sub: 'nobody' }).build();
    expect((await reception.refusal(presenting(strange))).caller).toBeUndefined();
    expect((await reception.refusal(presenting(strange, { clientId: 'nobody' }))).caller).toBeUndefined();
  });

  it('resolves the keys of a caller behind a URL like those of an issuer', async () => {
    const assertion = anAssertion({ iss: 'billing', sub: 'billing' }).signedBy(keyOfAnother).build();
    expect((await reception.authenticate(presenting(assertion))).id).toBe('billing');
    expect(reception.assertionIssuers.byId('caller:billing')?.keys).toEqual({
      kind: 'jwksUri',
      url: 'https://billing.example/jwks',
    });
  });

  it('answers 503 when the keys of the caller cannot be known', async () => {
    reception.keys.lose('caller:billing');
    const assertion = anAssertion({ iss: 'billing', sub: 'billing' }).signedBy(keyOfAnother).build();
    await expect(reception.authenticate(presenting(assertion))).rejects.toBeInstanceOf(KeysUnavailable);
  });

  it.each([undefined, 'JWT', 'client-authentication+jwt', 'application/client-authentication+jwt'])(
    'R10070-02 accepts typ %s',
    async (typ) => {
      const assertion = anAssertion().header({ typ }).build();
      expect((await reception.authenticate(presenting(assertion))).id).toBe('orders-api');
    },
  );

  it.each(['at+jwt', 'secevent+jwt', 'dpop+jwt', 'logout+jwt', 'token-introspection+jwt', ''])(
    'I-06 R10070-02 refuses typ %j',
    async (typ) => {
      expect(await reception.refusal(presenting(anAssertion().header({ typ }).build()))).toMatchObject(invalidClient);
    },
  );

  it('R10070-01 accepts the identifier as the one member of an array', async () => {
    await reception.authenticate(presenting(anAssertion({ aud: [identifier] }).build()));
  });

  it.each<[string, Members]>([
    ['aud = endpoint URL', { aud: `${identifier}/introspect` }],
    ['aud = identifier with a slash', { aud: `${identifier}/` }],
    ['aud = another server', { aud: 'https://other.example' }],
    ['aud = two', { aud: [identifier, 'https://other.example'] }],
    ['aud = the same twice', { aud: [identifier, identifier] }],
    ['aud = empty array', { aud: [] }],
    ['aud missing', { aud: undefined }],
    ['exp missing', { exp: undefined }],
    ['jti missing', { jti: undefined }],
    ['jti empty', { jti: '' }],
    ['jti a number', { jti: 7 }],
    ['jti of 257 characters', { jti: 'x'.repeat(257) }],
    ['sub missing', { sub: undefined }],
    ['iss and sub differ', { sub: 'billing' }],
    ['iss of another', { iss: 'billing' }],
    ['iss unknown', { iss: 'nobody', sub: 'nobody' }],
    ['exp as a string', { exp: '1795000000' }],
    ['iat as a string', { iat: 'now' }],
    ['nbf as an object', { nbf: {} }],
  ])('I-06 R7523-02 R10070-01 refuses %s', async (_what, claims) => {
    expect(await reception.refusal(presenting(anAssertion(claims).build()))).toMatchObject(invalidClient);
  });

  it.each<[string, (now: number) => Members]>([
    ['exp in a year', (now) => ({ exp: now + 31_536_000 })],
    ['exp in 631 s', (now) => ({ exp: now + 631 })],
    ['exp 30 s ago', (now) => ({ exp: now - 30, iat: now - 60 })],
    ['iat 631 s ago', (now) => ({ iat: now - 631 })],
    ['iat in 31 s', (now) => ({ iat: now + 31 })],
    ['nbf in 31 s', (now) => ({ nbf: now + 31 })],
  ])('I-06 R7523-03 refuses %s', async (_what, claims) => {
    const assertion = anAssertion(claims(reception.nowSeconds())).build();
    expect(await reception.refusal(presenting(assertion))).toMatchObject(invalidClient);
  });

  it.each<[string, (now: number) => Members]>([
    ['exp in 10 min', (now) => ({ exp: now + 600 })],
    ['exp 29 s ago', (now) => ({ exp: now - 29, iat: now - 60 })],
    ['no iat and no nbf', () => ({ iat: undefined, nbf: undefined })],
    ['iat 10 min ago', (now) => ({ iat: now - 600 })],
  ])('R7523-03 accepts %s', async (_what, claims) => {
    await reception.authenticate(presenting(anAssertion(claims(reception.nowSeconds())).build()));
  });

  it('I-06 R7523-05 refuses the key of another caller and of an issuer of tokens', async () => {
    for (const other of [keyOfAnother, keyOfTheIssuer]) {
      expect(await reception.refusal(presenting(anAssertion().signedBy(other).build()))).toMatchObject(invalidClient);
      const underItsKid = anAssertion().signedBy(other).header({ kid: key.kid }).build();
      expect(await reception.refusal(presenting(underItsKid))).toMatchObject(invalidClient);
    }
  });

  it('I-06 R7523-05 refuses a token of a registered issuer, and does not even look for its keys', async () => {
    const token = aToken().from(corp).for(identifier).at(reception.nowSeconds()).signedBy(keyOfTheIssuer).build();
    expect(await reception.refusal(presenting(token))).toMatchObject(invalidClient);
    expect(reception.keys.questions).toBe(0);
  });

  it.each(['none', 'HS256', 'HS512', 'dir'])('I-06 refuses alg %s', async (alg) => {
    const assertion = anAssertion()
      .header({ alg })
      .signature(() => Buffer.alloc(32))
      .build();
    expect(await reception.refusal(presenting(assertion))).toMatchObject(invalidClient);
  });

  it('I-06 refuses a payload that was changed after signing, and what is no JWT', async () => {
    const [header, , signature] = anAssertion().build().split('.');
    const forged = `${header}.${encode(anAssertion({ jti: 'another' }).payloadText)}.${signature}`;
    for (const assertion of [forged, 'abc', 'a.b.c', '..', 'a.b.c.d.e']) {
      expect(await reception.refusal(presenting(assertion))).toMatchObject(invalidClient);
    }
  });

  it('I-06 R7523-04 refuses a client_id that is not the subject', async () => {
    const presented = presenting(anAssertion().build(), { clientId: 'billing' });
    expect(await reception.refusal(presented)).toMatchObject(invalidClient);
  });

  it('R7523-01 refuses another type, and one half without the other', async () => {
    const clientAssertion = anAssertion().build();
    for (const form of [
      { clientAssertion },
      { clientAssertionType: type },
      { clientAssertion, clientAssertionType: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer' },
    ]) {
      expect(await reception.refusal({ form })).toMatchObject(invalidClient);
    }
  });

  it('X09 R7523-04 answers 400 invalid_client to an assertion together with anything else', async () => {
    const form = { clientAssertion: anAssertion().build(), clientAssertionType: type };
    for (const presented of [
      { form, ...basic('orders-api', 'a-secret-that-nobody-guesses') },
      { form, ...bearer('abc') },
      { form: { ...form, clientId: 'orders-api', clientSecret: 'a-secret-that-nobody-guesses' } },
    ]) {
      expect(await reception.refusal(presented)).toMatchObject({ ...invalidClient, status: 400 });
    }
  });

  it('I-06 two assertions are a repeated parameter: 400', () => {
    const body = new URLSearchParams([
      ['client_assertion', 'a.b.c'],
      ['client_assertion', 'a.b.c'],
    ]);
    expect(() => parseIntrospectionForm(Buffer.from(body.toString()))).toThrow(
      expect.objectContaining({ status: 400, code: 'invalid_request' }),
    );
  });

  it('R7523-06 an assertion is not a token', async () => {
    const result = await reception.introspector.introspect(anAssertion().build(), {
      id: 'orders-api',
      issuers: 'any',
      audiences: 'any',
      claims: 'any',
    });
    expect(result).toMatchObject({ active: false, rejection: expect.any(Rejection) as unknown });
  });
});

describe('replay of assertions', () => {
  it('I-06 R7523-03 refuses a jti that was used, in the same assertion or another', async () => {
    const assertion = anAssertion({ jti: 'once' }).build();
    await reception.authenticate(presenting(assertion));
    expect(await reception.refusal(presenting(assertion))).toMatchObject(invalidClient);
    const other = anAssertion({ jti: 'once', exp: reception.nowSeconds() + 590 }).build();
    expect(await reception.refusal(presenting(other))).toMatchObject(invalidClient);
  });

  it('R7523-03 remembers it as long as the assertion is accepted', async () => {
    const assertion = anAssertion({ exp: reception.nowSeconds() + 600 }).build();
    await reception.authenticate(presenting(assertion));
    await reception.clock.advance(600_000 + 29_000);
    expect((await reception.refusal(presenting(assertion))).detail).toBe('the assertion was used before');
  });

  it('lets two callers use the same jti', async () => {
    await reception.authenticate(presenting(anAssertion({ jti: 'same' }).build()));
    const other = anAssertion({ jti: 'same', iss: 'billing', sub: 'billing' }).signedBy(keyOfAnother).build();
    expect((await reception.authenticate(presenting(other))).id).toBe('billing');
  });

  it('does not remember an assertion that was refused', async () => {
    await reception.refusal(presenting(anAssertion({ jti: 'later' }).signedBy(keyOfAnother).build()));
    await reception.authenticate(presenting(anAssertion({ jti: 'later' }).build()));
  });
});
