import { describe, expect, it } from 'vitest';
import { aKey, thumbprintOf, type TestKey } from '../../test/builders/a-key.js';
import { aToken } from '../../test/builders/a-token.js';
import { signAs } from '../../test/builders/sign.js';
import { algorithmNames, type Algorithm } from './algorithms.js';
import { importJwk, readJwk } from './import-jwk.js';
import { JwkDefect } from './jwk-defect.js';
import { parseJwt } from './parse-jwt.js';
import { Rejection } from './rejection.js';
import type { UnverifiedJwt } from './unverified-jwt.js';
import type { VerificationKey } from './verification-key.js';
import { MAX_CANDIDATE_KEYS, verifySignature } from './verify-signature.js';

async function imported(key: TestKey): Promise<VerificationKey> {
  const result = importJwk(key.jwk, new Set(algorithmNames));
  if (result instanceof JwkDefect) throw new Error(result.reason);
  return result;
}

function tokenBy(key: TestKey): UnverifiedJwt {
  return parseJwt(aToken().from('https://login.corp.example').signedBy(key).build()) as UnverifiedJwt;
}

describe('verifySignature', () => {
  it.each(algorithmNames)('verifies %s and names the key', async (alg: Algorithm) => {
    const key = aKey(alg);
    const jwt = tokenBy(key);
    const verified = await verifySignature(jwt, [await imported(key)]);
    expect(verified).toEqual({
      header: jwt.header,
      claims: jwt.unverifiedClaims,
      keyThumbprint: thumbprintOf(key.jwk),
    });
  });

  it('D2-13 gives no claims away when the signature is of somebody else', async () => {
    const verdict = await verifySignature(tokenBy(aKey()), [await imported(aKey())]);
    expect(verdict).toEqual(new Rejection('signature_invalid'));
  });

  it('B-13 tries candidates until one fits, and four at most', async () => {
    const key = aKey();
    const others = await Promise.all(Array.from({ length: MAX_CANDIDATE_KEYS }, () => imported(aKey())));
    const own = await imported(key);
    const jwt = tokenBy(key);
    expect(await verifySignature(jwt, [...others.slice(1), own])).not.toBeInstanceOf(Rejection);
    expect(await verifySignature(jwt, [...others, own])).toEqual(new Rejection('signature_invalid'));
  });

  it('A-09 does not use a key for an algorithm that it was not imported for', async () => {
    const { thumbprint } = await imported(aKey('RS256'));
    const verdict = await verifySignature(tokenBy(aKey('ES256')), [
      await imported(aKey('RS256')),
      { thumbprint, verifiers: new Map() },
    ]);
    expect(verdict).toMatchObject({ code: 'key_unknown' });
    expect(await verifySignature(tokenBy(aKey()), [])).toMatchObject({ code: 'key_unknown' });
  });

  it('takes what cryptography throws for a bad signature', async () => {
    // Nobody has imported them: no curve and no field has such a point and such a number.
    const { jwk } = aKey('ES256');
    const offCurve = readJwk({ ...jwk, y: jwk['x'] }, new Set(['ES256']));
    expect(await verifySignature(tokenBy(aKey('ES256')), [offCurve as VerificationKey])).toEqual(
      new Rejection('signature_invalid'),
    );
  });

  it('imports a key once, when it is used first', async () => {
    const keys = [aKey('RS256'), aKey('RS256', { bits: 4096 }), aKey('PS256'), aKey('ES384')];
    for (const key of keys) {
      const read = readJwk(key.jwk, new Set(algorithmNames)) as VerificationKey;
      for (let i = 0; i < 2; i++)
        expect(await verifySignature(tokenBy(key), [read])).toMatchObject({ keyThumbprint: thumbprintOf(key.jwk) });
    }
  });
});

describe('a verifier', () => {
  const of = (key: TestKey) => {
    const { verifiers } = readJwk(key.jwk, new Set([key.alg])) as VerificationKey;
    return verifiers.get(key.alg)!;
  };

  it.each(['RS256', 'RS384', 'RS512'] as const)('A-09 %s is bound to its hash and its padding', async (alg) => {
    const key = aKey(alg);
    const input = Buffer.from('what is signed');
    for (const other of ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const) {
      const signature = signAs(other, key.privateKey, input.toString());
      expect(await of(key).verify({ input, signature })).toBe(other === alg);
    }
  });

  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'] as const)('of %s takes a signature of no other length', async (alg) => {
    const key = aKey(alg);
    const input = Buffer.from('what is signed');
    const signature = signAs(alg, key.privateKey, input.toString());
    expect(await of(key).verify({ input, signature })).toBe(true);
    for (const wrong of [Buffer.alloc(0), signature.subarray(1), Buffer.concat([signature, Buffer.alloc(1)])])
      expect(await of(key).verify({ input, signature: wrong })).toBe(false);
    expect(await of(key).verify({ input, signature: Buffer.concat([Buffer.alloc(1), signature]) })).toBe(false);
  });
});
