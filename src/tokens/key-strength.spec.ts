import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../shared/json-value.js';
import { strengthOf } from './key-strength.js';

const published = (kind: 'rsa' | 'ec' | 'ed25519', options: object = {}): JsonObject =>
  generateKeyPairSync(kind as 'rsa', options as { modulusLength: number }).publicKey.export({
    format: 'jwk',
  }) as JsonObject;

describe('strengthOf', () => {
  it('says what NIST says of keys that were really made', () => {
    expect(strengthOf(published('rsa', { modulusLength: 2_048 }))).toEqual({ name: 'RSA 2048', bits: 112 });
    expect(strengthOf(published('rsa', { modulusLength: 3_072 }))).toEqual({ name: 'RSA 3072', bits: 128 });
    expect(strengthOf(published('ec', { namedCurve: 'P-256' }))).toEqual({ name: 'P-256', bits: 128 });
    expect(strengthOf(published('ec', { namedCurve: 'P-384' }))).toEqual({ name: 'P-384', bits: 192 });
    expect(strengthOf(published('ed25519'))).toEqual({ name: 'Ed25519', bits: 128 });
  });

  it.each([
    [2_047, 80],
    [2_048, 112],
    [3_071, 112],
    [4_096, 128],
    [7_680, 192],
  ])('gives a modulus of %i bits, with or without zeros before it, %i bits', (modulus, bits) => {
    const octets = Buffer.alloc(Math.ceil(modulus / 8), 0xff);
    octets[0] = 0xff >> (octets.length * 8 - modulus);
    for (const spelled of [octets, Buffer.concat([Buffer.alloc(1), octets])]) {
      const jwk = { kty: 'RSA', n: spelled.toString('base64url'), e: 'AQAB' };
      expect(strengthOf(jwk)).toEqual({ name: `RSA ${modulus}`, bits });
    }
  });

  it('knows the keys of ML-DSA by their algorithm, and nothing of a kind that no table has', () => {
    expect(strengthOf({ kty: 'AKP', alg: 'ML-DSA-65', pub: 'x' })).toEqual({ name: 'ML-DSA-65', bits: 192 });
    expect(strengthOf({ kty: 'EC', crv: 'secp256k1' })).toBeUndefined();
  });
});
