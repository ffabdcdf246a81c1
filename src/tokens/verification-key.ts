import type { Algorithm } from './algorithms.js';

/** A public key of an issuer, checked: all that can be said about it without using it is settled. */
export interface VerificationKey {
  /** RFC 7638 SHA-256 thumbprint, base64url: the identity of the key. */
  readonly thumbprint: string;
  readonly kid?: string;
  /** One for each algorithm that this key may verify: (kty, crv, `alg`, issuer's list) already intersected. */
  readonly verifiers: ReadonlyMap<Algorithm, Verifier>;
}

/** What is signed, and the signature (RFC 7515 §5.2). */
export interface SignedOctets {
  readonly input: Uint8Array;
  readonly signature: Uint8Array;
}

/** One key for one algorithm: it is bound to its hash and its padding, and cannot be used with others. */
export interface Verifier {
  /**
   * Makes of the published numbers what cryptography works with, unless that has been done: the first check does it as well,
   * because few of the keys that issuers publish are ever used.
   * @throws {Error} when the numbers are no key, such as a point that is not on its curve
   */
  import(): void | Promise<void>;

  /** Whether this key made the signature. Anything but success is `false`: what cryptography throws at a token is its fault. */
  verify(signed: SignedOctets): Promise<boolean>;
}
