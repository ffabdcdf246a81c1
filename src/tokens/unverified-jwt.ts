import type { JsonObject } from '../shared/json-value.js';
import type { Algorithm } from './algorithms.js';

/** The members of a JOSE header that mean something to us, types already checked (RFC 7515 §4.1). */
export interface JwtHeader {
  readonly alg: Algorithm;
  /** Case-sensitive, at most {@link MAX_KID_LENGTH} characters. */
  readonly kid?: string;
  /** Lower-case, without a leading `application/` (RFC 7515 §4.1.9). */
  readonly typ?: string;
  /**
   * There is a `nonce`. Microsoft hashes it before it signs tokens for Graph, so that nobody but Graph can verify them; it decides
   * nothing, and explains a signature that does not fit.
   */
  readonly hasNonce?: true;
  /** It has members beside these, which mean nothing here. */
  readonly hasMore?: true;
}

/** Longest `kid` that a lookup is made for, in characters; nobody's key has a longer name. */
export const MAX_KID_LENGTH = 256;

/** A well-formed JWS whose signature nobody has checked. Its claims may choose an issuer and deny a fetch, nothing else. */
export interface UnverifiedJwt {
  /** The compact serialization, as received. */
  readonly compact: string;
  readonly header: JwtHeader;
  /** `iss`, a string of at least one character; absent where the token has none. */
  readonly unverifiedIssuer?: string | undefined;
  readonly unverifiedClaims: JsonObject;
}
