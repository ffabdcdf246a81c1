import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { JsonObject } from '../../src/shared/json-value.js';
import type { Algorithm } from '../../src/tokens/algorithms.js';

/** A signing key of a test: what its issuer keeps, and what it publishes. */
export interface TestKey {
  readonly alg: Algorithm;
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** The public JWK with `kid`, `alg` and `use`. */
  readonly jwk: JsonObject;
}

/** What distinguishes one test key from another. */
export interface KeyOptions {
  readonly kid?: string;
  /** Bits of an RSA modulus. Default 2048. */
  readonly bits?: number;
  /** RSA public exponent. Default 65537. */
  readonly exponent?: number;
}

let serial = 0;

/** A fresh key for `alg`. RSA keys cost tens of milliseconds: keep them in a constant. */
export function aKey(alg: Algorithm = 'ES256', options: KeyOptions = {}): TestKey {
  const { publicKey, privateKey } = generate(alg, options);
  const kid = options.kid ?? `key-${++serial}`;
  const jwk = { ...(publicKey.export({ format: 'jwk' }) as JsonObject), kid, alg, use: 'sig' };
  return { alg, kid, privateKey, publicKey, jwk };
}

/** The JWK Set that an issuer of these keys publishes. */
export function aJwks(...keys: readonly TestKey[]): { readonly keys: readonly JsonObject[] } {
  return { keys: keys.map((key) => key.jwk) };
}

/** RFC 7638 by hand, so that a test does not ask the code under test. */
export function thumbprintOf({ kty, alg, crv, x, y, e, n, pub }: JsonObject): string {
  const kinds = { RSA: { e, kty, n }, EC: { crv, kty, x, y }, OKP: { crv, kty, x }, AKP: { alg, kty, pub } };
  const members = kinds[kty as keyof typeof kinds];
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url');
}

function generate(alg: Algorithm, { bits = 2048, exponent = 65537 }: KeyOptions) {
  switch (alg) {
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' });
    case 'ES384':
      return generateKeyPairSync('ec', { namedCurve: 'P-384' });
    case 'ES512':
      return generateKeyPairSync('ec', { namedCurve: 'P-521' });
    case 'EdDSA':
    case 'Ed25519':
      return generateKeyPairSync('ed25519');
    case 'ML-DSA-44':
      return generateKeyPairSync('ml-dsa-44');
    case 'ML-DSA-65':
      return generateKeyPairSync('ml-dsa-65');
    case 'ML-DSA-87':
      return generateKeyPairSync('ml-dsa-87');
    default:
      return generateKeyPairSync('rsa', { modulusLength: bits, publicExponent: exponent });
  }
}
