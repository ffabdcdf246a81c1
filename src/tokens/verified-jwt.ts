import type { JsonObject } from '../shared/json-value.js';
import type { JwtHeader } from './unverified-jwt.js';

declare const verified: unique symbol;

/** A JWT whose signature was checked with a key of its issuer. Only `verify-signature.ts` makes one. */
export interface VerifiedJwt {
  readonly [verified]: true;
  readonly header: JwtHeader;
  readonly claims: JsonObject;
  /** RFC 7638 thumbprint of the key that made the signature. */
  readonly keyThumbprint: string;
}
