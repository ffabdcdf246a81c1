import { refuseOutsideProfile } from './access-token-profile.js';
import { refuseForeignAudience } from './audience.js';
import type { MakeCheck } from './claim-check.js';
import { requireRules } from './claim-rule.js';
import { refuseBrokenConfirmation } from './confirmation.js';
import { refuseExpired } from './expiry.js';
import { refuseIssuedInFuture } from './issued-at.js';
import { refuseLongLived } from './lifetime.js';
import { refuseNotYetValid } from './not-before.js';
import { refuseMalformedClaims } from './registered-claim-types.js';
import { requireClaims } from './required-claims.js';
import { refuseOtherKinds } from './token-kind.js';

/** Every check of claims, in the order in which they judge: the first refusal ends it, so types come before meaning. */
export const claimChecks = [
  refuseMalformedClaims,
  refuseExpired,
  refuseNotYetValid,
  refuseIssuedInFuture,
  refuseLongLived,
  refuseForeignAudience,
  refuseOutsideProfile,
  refuseOtherKinds,
  refuseBrokenConfirmation,
  requireClaims,
  requireRules,
] as const satisfies readonly MakeCheck[];

type AnyMakeCheck = (typeof claimChecks)[number];

/**
 * What an issuer's registration says about the claims of its tokens: exactly what the checks read, so that there is no term
 * without a check. All of it must be given, so that there is no check without a term. Times in seconds.
 */
export type ClaimTerms = Required<AnyMakeCheck extends (terms: infer Terms) => unknown ? Terms : never>;

/**
 * The terms for a token of the same issuer that a *caller* authenticates with, which is made for this service. Each term is
 * written out instead of copied: a new one does not compile before somebody decided whether it holds for such tokens.
 * @param audience this service, as the only audience
 */
export function termsForCaller(terms: ClaimTerms, audience: string): ClaimTerms {
  return {
    // How an issuer makes its tokens is the same for whatever they are used.
    clockToleranceSeconds: terms.clockToleranceSeconds,
    maxLifetimeSeconds: terms.maxLifetimeSeconds,
    requireExpiry: terms.requireExpiry,
    allowIdTokens: terms.allowIdTokens,
    strictAccessTokenProfile: terms.strictAccessTokenProfile,
    names: terms.names,
    // What a token must say to be of use elsewhere is not asked of one that is used here.
    audiences: new Set([audience]),
    requiredClaims: [],
    rules: [],
  };
}
