import { calculateJwkThumbprint, type JWK } from 'jose';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { aKey } from '../../test/builders/a-key.js';
import { isThumbprint, thumbprintOf, type KeyMaterial } from './key-material.js';

describe('isThumbprint', () => {
  it('R7638 is true for the example of the RFC, and for every digest', () => {
    expect(isThumbprint('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs')).toBe(true);
    for (let i = 0; i < 200; i++) {
      expect(isThumbprint(createHash('sha256').update(String(i)).digest('base64url'))).toBe(true);
    }
  });

  it.each([
    ['nothing', ''],
    ['one character less', 'A'.repeat(42)],
    ['one character more', 'A'.repeat(44)],
    ['padding', `${'A'.repeat(43)}=`],
    ['another alphabet', `${'+'.repeat(42)}A`],
    ['a second spelling of the same octets', `${'A'.repeat(42)}B`],
    ['a line end', `${'A'.repeat(43)}\n`],
  ])('is false for %s', (_, text) => {
    expect(isThumbprint(text)).toBe(false);
  });
});

describe('thumbprintOf', () => {
  it.each(['RS256', 'ES256', 'ES512', 'EdDSA'] as const)('R7638 agrees about a key for %s with jose', async (alg) => {
    const { kty, crv, x, y, n, e } = aKey(alg).jwk;
    const material = JSON.parse(JSON.stringify({ kty, crv, x, y, n, e })) as KeyMaterial;
    expect(thumbprintOf(material)).toBe(await calculateJwkThumbprint(material as JWK));
  });
});
