import type { CertificateTerms } from './certificate-identity.js';
import type { TokenRegistration } from './prepared-caller.js';
import type { RegisteredSecret } from './secret-digest.js';

/** What a registration says about a caller, before anything of it was checked. */
export interface CallerTerms {
  /** Also the `client_id`. */
  readonly id: string;
  /** Any of them authenticates; several make a rotation. */
  readonly secrets?: readonly (string | RegisteredSecret)[];
  readonly assertion?: AssertionTerms;
  readonly certificate?: CertificateTerms;
  readonly token?: TokenRegistration;
  readonly issuers: readonly string[] | 'any';
  readonly audiences: readonly string[] | 'any';
  readonly claims: readonly string[] | 'any';
}

/** With which keys a caller signs its assertions; exactly one of `jwks` and `jwksUri`. */
export interface AssertionTerms {
  readonly jwksUri?: string;
  /** A JWK Set of public keys. */
  readonly jwks?: unknown;
  /** JWS algorithms; absent: every one that fits a key. */
  readonly algorithms?: readonly string[];
}
