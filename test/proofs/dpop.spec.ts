import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aKey, thumbprintOf, type TestKey } from '../builders/a-key.js';
import type { TokenBuilder } from '../builders/a-token.js';
import { aProof, publicJwk } from './support/a-proof.js';
import {
  badBearer,
  badProof,
  badToken,
  bearerChallenge,
  DpopEndpoints,
  endpoints,
  key,
  other,
  type Asked,
} from './support/dpop-endpoints.js';

let world: DpopEndpoints;
let token: string;
let now: number;

beforeAll(async () => {
  world = await DpopEndpoints.open();
  ({ token, now } = world);
});

afterAll(() => world.close());

const proof = (...parts: Parameters<DpopEndpoints['proof']>) => world.proof(...parts);

describe.each(endpoints)('DPoP at %s', (endpoint) => {
  const ask = (asked: Asked) => world.ask(endpoint, asked);

  it('DP-01 a bound token with its proof passes', async () => {
    expect(await ask({ token, proofs: [proof().build()] })).toMatchObject({ status: 200 });
  });

  it('DP-01 a bound token as a bearer token: 401, with or without a proof', async () => {
    expect(await ask({ token, proofs: [], scheme: 'Bearer' })).toMatchObject(badBearer);
    expect(await ask({ token, proofs: [proof().build()], scheme: 'Bearer' })).toMatchObject(badBearer);
  });

  it('DP-01 a token that is bound to no key, under the scheme DPoP: 401', async () => {
    const unbound = world.reception.context.good.build();
    expect(await ask({ token: unbound, proofs: [aProof(key, unbound, now).build()] })).toMatchObject(badToken);
    expect(await ask({ token: unbound, proofs: [], scheme: 'Bearer' })).toMatchObject({ status: 200 });
  });

  it('DP-01 several proofs are none, and no proof is none', async () => {
    expect(await ask({ token, proofs: [proof().build(), proof().build()] })).toMatchObject(badProof);
    expect(await ask({ token, proofs: [`${proof().build()},${proof().build()}`] })).toMatchObject(badProof);
    expect(await ask({ token, proofs: [] })).toMatchObject(badToken);
  });

  it('DP-01 a proof of another key than the token is bound to: 401', async () => {
    expect(await ask({ token, proofs: [proof({}, other).build()] })).toMatchObject(badToken);
  });

  it.each([
    'HTTPS://API.corp.example:443/a%2fb/../orders?x',
    'https://api.corp.example/orders?other=query#fragment',
    'https://api.corp.example/%6frders',
    'https://api.corp.example/./orders',
  ])('DP-02 htu is compared after normalisation of both sides: %s', async (htu) => {
    expect(await ask({ token, proofs: [proof({ htu }).build()] })).toMatchObject({ status: 200 });
    const path = '/x/../%6Frders?page=2';
    expect(await ask({ token, path, proofs: [proof({ htu }).build()] })).toMatchObject({ status: 200 });
  });

  it.each([
    ['another path', { htu: 'https://api.corp.example/orders/' }],
    ['a path in other letters', { htu: 'https://api.corp.example/Orders' }],
    ['an encoded slash', { htu: 'https://api.corp.example/%2Forders' }],
    ['another origin', { htu: 'https://api.corp.example.evil.example/orders' }],
    ['another port', { htu: 'https://api.corp.example:8443/orders' }],
    ['without TLS', { htu: 'http://api.corp.example/orders' }],
    ['a name before the host', { htu: 'https://u@api.corp.example/orders' }],
    ['no origin', { htu: '/orders' }],
    ['another method', { htm: 'POST' }],
    ['a method in other letters', { htm: 'get' }],
    ['no method', { htm: undefined }],
    ['no URI', { htu: undefined }],
    ['no jti', { jti: undefined }],
    ['an empty jti', { jti: '' }],
    ['a jti of 257 characters', { jti: 'j'.repeat(257) }],
    ['no iat', { iat: undefined }],
    ['iat as a text', { iat: '1' }],
    ['no ath', { ath: undefined }],
    ['another ath', { ath: 'A'.repeat(43) }],
    ['a nonce that is no text', { nonce: 1 }],
    ['an exp in the past', { exp: 1 }],
    ['an nbf in the future', { nbf: 9_000_000_000 }],
  ])('DP-02 DP-06 a proof is refused with %s', async (_what, claims) => {
    expect(await ask({ token, proofs: [proof(claims).build()] })).toMatchObject(badProof);
  });

  it('DP-06 a proof is good for maxAge, and from five seconds before', async () => {
    const at = (iat: number, caller = 'edge-dpop') =>
      ask({ token, caller, proofs: [proof({ iat: now + iat }).build()] });
    expect([await at(-60), await at(5)]).toMatchObject([{ status: 200 }, { status: 200 }]);
    expect([await at(-61), await at(6)]).toMatchObject([badProof, badProof]);
    expect([await at(-300, 'edge-slow'), await at(-301, 'edge-slow')]).toMatchObject([{ status: 200 }, badProof]);
  });

  it.each<[string, (made: TokenBuilder) => string]>([
    ['the type of a token', (made) => made.header({ typ: 'at+jwt' }).build()],
    ['no type', (made) => made.header({ typ: undefined }).build()],
    ['no key', (made) => made.header({ jwk: undefined }).build()],
    ['a key that is no object', (made) => made.header({ jwk: 'x' }).build()],
    ['a private key', (made) => made.header({ jwk: key.privateKey.export({ format: 'jwk' }) as never }).build()],
    ['a symmetric key', (made) => made.header({ jwk: { kty: 'oct', k: 'AAAA' } }).build()],
    ['another algorithm than its key', (made) => made.header({ alg: 'ES384' }).build()],
    ['the algorithm none', (made) => made.header({ alg: 'none' }).build()],
    ['a critical extension', (made) => made.header({ crit: ['x'], x: 1 }).build()],
    ['the signature of another key', (made) => made.signedBy(other).header({ kid: undefined }).build()],
    ['a changed signature', (made) => made.build().replace(/.{6}$/, 'AAAAAA')],
    ['no signature', (made) => made.build().replace(/[^.]*$/, '')],
    ['more than 8 KiB', (made) => made.with({ more: 'm'.repeat(6_200) }).build()],
    ['five segments', () => 'a.b.c.d.e'],
    ['no JWT', () => 'proof'],
  ])('DP-06 a proof is refused with %s', async (_what, change) => {
    expect(await ask({ token, proofs: [change(proof())] })).toMatchObject(badProof);
  });

  it('DP-06 a private key in a proof is an alarm, once a minute, that says nothing of the key', async () => {
    const own = await DpopEndpoints.open();
    const { reception } = own;
    const secret = key.privateKey.export({ format: 'jwk' });
    const leak = () =>
      own.ask(endpoint, {
        token: own.token,
        proofs: [
          own
            .proof()
            .header({ jwk: secret as never })
            .build(),
        ],
      });
    const alarms = () => reception.logLines.filter((line) => line.includes('sends its private key'));
    const records = () => reception.audit.records.filter(({ action }) => action === 'proof_key_leaked');
    for (let i = 0; i < 3; i++) expect(await leak()).toMatchObject(badProof);
    const door = endpoint === '/authorize' ? 'authorize' : 'ext_authz';
    expect(alarms().map((line) => JSON.parse(line) as object)).toMatchObject([
      { level: 'error', door, caller: 'edge-dpop', issuer: 'main' },
    ]);
    expect(records()).toMatchObject([{ fields: { door, caller: 'edge-dpop', issuer: 'main' } }]);
    for (const part of [secret.d!, secret.x!]) expect(JSON.stringify([alarms(), records()])).not.toContain(part);
    await reception.clock.advance(60_000);
    await leak();
    expect([alarms().length, records().length]).toEqual([2, 2]);
    await own.close();
  });

  it('DP-06 a point that is not on the curve is refused', async () => {
    const jwk = { ...publicJwk(key), y: publicJwk(other)['y']! };
    const bound = world.reception.context.good.with({ cnf: { jkt: thumbprintOf(jwk) } }).build();
    expect(await ask({ token: bound, proofs: [aProof(key, bound, now).header({ jwk }).build()] })).toMatchObject(
      badProof,
    );
  });

  it('DP-06 RSA keys have 2048 to 4096 bits', async () => {
    for (const [bits, status] of [
      [2040, 401],
      [2048, 200],
      [4096, 200],
      [4104, 401],
    ] as const) {
      const rsa = aKey('PS256', { bits });
      const bound = world.boundTo(rsa).build();
      expect(await ask({ token: bound, proofs: [aProof(rsa, bound, now).build()] })).toMatchObject({ status });
    }
    // Primes of this size are looked for at random: mostly a second, and now and then many.
  }, 90_000);

  it('DP-06 only algorithms of the profile, which the challenge names', async () => {
    const ed = aKey('EdDSA');
    const post = aKey('ML-DSA-65');
    const of = async (made: TestKey, caller: string) => {
      const bound = world.boundTo(made).build();
      return ask({ token: bound, caller, proofs: [aProof(made, bound, now).build()] });
    };
    expect(await of(ed, 'edge-dpop')).toMatchObject({ status: 200 });
    expect(await of(ed, 'edge-es')).toMatchObject({
      status: 401,
      challenge: `DPoP algs="ES256 ML-DSA-65", error="invalid_dpop_proof", ${bearerChallenge}`,
    });
    expect(await of(post, 'edge-es')).toMatchObject({ status: 200 });
    expect(await of(post, 'edge-dpop')).toMatchObject(badProof);
  });
});
