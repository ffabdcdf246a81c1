import type { Issuer } from '../issuers/issuer.js';
import type { VerifiedJwt } from '../tokens/verified-jwt.js';

/** A token that its issuer signed and whose claims its policy accepts. */
export interface GoodToken {
  /** The registration whose key signed it: several may have the `iss` of the token. */
  readonly issuer: Issuer;
  readonly jwt: VerifiedJwt;
}
