import { describe, expect, it } from 'vitest';
import { aKey } from '../../test/builders/a-key.js';
import { badKeys } from '../../test/vectors/bad-keys.js';
import { toBigInt } from '../../test/vectors/bigint.js';
import { hasRocaFingerprint } from './roca.js';

const modulusOf = (n: unknown): bigint => toBigInt(Buffer.from(n as string, 'base64url'));

describe('hasRocaFingerprint', () => {
  it('D2-09 knows a modulus that was made as the faulty generator made them', () => {
    const { jwk } = badKeys().rsa.find(({ name }) => name === 'rsa-roca')!;
    expect(hasRocaFingerprint(modulusOf(jwk['n']))).toBe(true);
  });

  it('D2-09 has nothing against a sound modulus, nor against its neighbours', () => {
    const modulus = modulusOf(aKey('RS256').jwk['n']);
    for (let offset = 0n; offset < 2000n; offset += 2n) expect(hasRocaFingerprint(modulus + offset)).toBe(false);
  });
});
