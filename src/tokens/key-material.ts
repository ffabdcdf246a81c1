import { termsOf, type Algorithm } from './algorithms.js';
import { hash } from 'node:crypto';

/** What a public key is made of: the members of RFC 7638 §3.2, checked and in their shortest spelling. */
export type KeyMaterial = RsaMaterial | EcMaterial | OkpMaterial | AkpMaterial;

/** RFC 7518 §6.3.1. */
export interface RsaMaterial {
  readonly kty: 'RSA';
  readonly n: string;
  readonly e: string;
}

/** RFC 7518 §6.2.1. */
export interface EcMaterial {
  readonly kty: 'EC';
  readonly crv: string;
  readonly x: string;
  readonly y: string;
}

/** RFC 8037 §2. */
export interface OkpMaterial {
  readonly kty: 'OKP';
  readonly crv: string;
  readonly x: string;
}

/** RFC 9964 §4. `alg` is a part of the key: the same octets under another name are another key. */
export interface AkpMaterial {
  readonly kty: 'AKP';
  readonly alg: Algorithm;
  readonly pub: string;
}

/** How long a signature is: its key decides (RFC 7518 §3.3 to §3.5, RFC 8037 §3.1, FIPS 204 table 2). In octets. */
export function signatureOctets(material: KeyMaterial, alg: Algorithm): number | undefined {
  // RFC 8017 §8: as long as the modulus, which is written without leading zeros.
  return material.kty === 'RSA' ? Math.floor((material.n.length * 3) / 4) : termsOf(alg).signatureBytes;
}

/** SHA-256 as base64url in its one spelling: the last of 43 characters has two bits that are always zero. */
const shape = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

/** Whether `text` can be an RFC 7638 SHA-256 thumbprint, of whatever key. */
export function isThumbprint(text: string): boolean {
  return shape.test(text);
}

/** The RFC 7638 SHA-256 thumbprint of a key. It has exactly the members that count. */
export function thumbprintOf(material: KeyMaterial): string {
  return hash('sha256', JSON.stringify(material, Object.keys(material).sort()), 'base64url');
}
