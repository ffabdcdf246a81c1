import type { webcrypto } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { aKey, thumbprintOf, type TestKey } from '../../test/builders/a-key.js';
import { aToken } from '../../test/builders/a-token.js';
import { algorithmNames, type Algorithm } from './algorithms.js';
import { importJwk } from './import-jwk.js';
import { JwkDefect } from './jwk-defect.js';
import { parseJwt } from './parse-jwt.js';
import { Rejection } from './rejection.js';
import type { UnverifiedJwt } from './unverified-jwt.js';
import type { VerificationKey } from './verification-key.js';
import { MAX_CANDIDATE_KEYS, verifySignature } from './verify-signature.js';

async function imported(key: TestKey): Promise<VerificationKey> {
  const result = await importJwk(key.jwk, new Set(algorithmNames));
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
    const broken = { algorithm: {} } as webcrypto.CryptoKey;
    const verdict = await verifySignature(tokenBy(aKey()), [
      { thumbprint: 'x', verifiers: new Map([['ES256', broken]]) },
    ]);
    expect(verdict).toEqual(new Rejection('signature_invalid'));
  });
});
