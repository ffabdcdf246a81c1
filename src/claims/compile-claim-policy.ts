import type { JsonObject } from '../shared/json-value.js';
import { refuseOutsideProfile } from './access-token-profile.js';
import { refuseForeignAudience } from './audience.js';
import type { ClaimCheck, ClaimPolicy, PlausibilityCheck } from './claim-policy.js';
import { requireRule } from './claim-rule.js';
import { MAX_CLOCK_TOLERANCE_SECONDS, type ClaimTerms } from './claim-terms.js';
import { refuseUnknownConfirmation } from './confirmation.js';
import { refuseExpired } from './expiry.js';
import { refuseIssuedInFuture } from './issued-at.js';
import { refuseLongLived } from './lifetime.js';
import { refuseNotYetValid } from './not-before.js';
import { refuseMalformedClaims } from './registered-claim-types.js';
import { requireClaims } from './required-claims.js';
import { refuseOtherKinds } from './token-kind.js';

/**
 * Makes an issuer's rules ready, once for each change of the configuration. Types come first, and the first refusal ends it.
 * @throws {RangeError} for terms that no configuration may hold
 */
export function compileClaimPolicy(terms: ClaimTerms): ClaimPolicy {
  assertSoundTerms(terms);
  const plausible: readonly PlausibilityCheck[] = [
    refuseMalformedClaims,
    refuseExpired(terms),
    refuseNotYetValid(terms),
    refuseIssuedInFuture(terms),
    refuseLongLived(terms),
    refuseForeignAudience(terms),
  ];
  const conclusive: readonly ClaimCheck[] = [
    ...(terms.strictAccessTokenProfile ? [refuseOutsideProfile] : []),
    refuseOtherKinds(terms),
    refuseUnknownConfirmation,
    requireClaims(terms),
    ...(terms.rules ?? []).map(requireRule),
  ];
  const refuseUnverified = (claims: JsonObject, nowSeconds: number) => firstRefusal(plausible, claims, nowSeconds);
  return {
    refuseUnverified,
    refuse: (jwt, nowSeconds) => refuseUnverified(jwt.claims, nowSeconds) ?? firstRefusal(conclusive, jwt, nowSeconds),
  };
}

function firstRefusal<Subject, Refusal>(
  checks: readonly ((subject: Subject, nowSeconds: number) => Refusal | undefined)[],
  subject: Subject,
  nowSeconds: number,
): Refusal | undefined {
  for (const check of checks) {
    const refusal = check(subject, nowSeconds);
    if (refusal) return refusal;
  }
  return undefined;
}

/** A number that is not one would compare as false and open a door. */
function assertSoundTerms({ clockToleranceSeconds, maxLifetimeSeconds }: ClaimTerms): void {
  const isTolerable = clockToleranceSeconds >= 0 && clockToleranceSeconds <= MAX_CLOCK_TOLERANCE_SECONDS;
  if (!isTolerable) throw new RangeError('clock tolerance must be 0 to 300 seconds');
  if (!(maxLifetimeSeconds > 0)) throw new RangeError('maximal lifetime must be positive');
}
