import type { JsonObject } from '../shared/json-value.js';
import type { Witness } from '../shared/witness.js';
import type { Rejection } from '../tokens/rejection.js';
import type { VerifiedJwt } from '../tokens/verified-jwt.js';
import type { ClaimStep } from './claim-step.js';

/** An issuer's rules for the claims of its tokens, compiled when the configuration changed. */
export interface ClaimPolicy {
  /**
   * The first rule that refuses the token, or `undefined`.
   * @param witness hears of every rule, those behind the first refusal included
   */
  refuse(jwt: VerifiedJwt, nowSeconds: number, witness?: Witness<ClaimStep>): Rejection | undefined;

  /**
   * Whether claims that nobody has verified could ever pass. Used only to *deny* a key fetch:
   * an expired token of a retired key must not cost the issuer a request.
   */
  refuseUnverified(claims: JsonObject, nowSeconds: number, witness?: Witness<ClaimStep>): Rejection | undefined;
}
