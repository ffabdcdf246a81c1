import type { webcrypto } from 'node:crypto';
import type { Algorithm } from './algorithms.js';

/** A public key of an issuer, checked and ready to use: everything expensive about it has been done. */
export interface VerificationKey {
  /** RFC 7638 SHA-256 thumbprint, base64url: the identity of the key. */
  readonly thumbprint: string;
  readonly kid?: string;
  /** The imported key for each algorithm that this key may verify: (kty, crv, `alg`, issuer's list) already intersected. */
  readonly verifiers: ReadonlyMap<Algorithm, webcrypto.CryptoKey>;
}
