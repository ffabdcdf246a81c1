import type { Algorithm } from './algorithms.js';

/** A public key of an issuer, checked: all that can be said about it without using it is settled. */
export interface VerificationKey {
  /** RFC 7638 SHA-256 thumbprint, base64url: the identity of the key. */
  readonly thumbprint: string;
  readonly kid?: string;
  /**
   * The issuer whose tokens it may verify, where the key set is shared by many (the member `issuer` of a JWK); may have the
   * placeholder `{tenantid}`. See {@link isInScope}.
   */
  readonly issuer?: string;
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
  /** Whether this key made the signature. Anything but success is `false`: what cryptography throws at a token is its fault. */
  verify(signed: SignedOctets): Promise<boolean>;
}
