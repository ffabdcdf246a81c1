import type { JsonObject } from '../shared/json-value.js';
import type { Witness } from '../shared/witness.js';
import type { Rejection } from '../tokens/rejection.js';
import type { VerifiedJwt } from '../tokens/verified-jwt.js';
import { profileText, refuseOutsideProfile } from './access-token-profile.js';
import { audienceText, refuseForeignAudience } from './audience.js';
import type { ClaimCheck, ClaimPolicy, PlausibilityCheck } from './claim-policy.js';
import { requireRule, ruleText } from './claim-rule.js';
import type { ClaimStep, RuleText } from './claim-step.js';
import { MAX_CLOCK_TOLERANCE_SECONDS, type ClaimTerms } from './claim-terms.js';
import { confirmationText, refuseUnknownConfirmation } from './confirmation.js';
import { expiryText, refuseExpired } from './expiry.js';
import { issuedAtText, refuseIssuedInFuture } from './issued-at.js';
import { lifetimeText, refuseLongLived } from './lifetime.js';
import { notBeforeText, refuseNotYetValid } from './not-before.js';
import { claimTypesText, refuseMalformedClaims } from './registered-claim-types.js';
import { requireClaims, requiredClaimsText } from './required-claims.js';
import { refuseOtherKinds, tokenKindText } from './token-kind.js';

/**
 * Makes an issuer's rules ready, once for each change of the configuration. Types come first, and the first refusal ends it.
 * @throws {RangeError} for terms that no configuration may hold
 */
export function compileClaimPolicy(terms: ClaimTerms): ClaimPolicy {
  assertSoundTerms(terms);
  const plausible: readonly Compiled<PlausibilityCheck>[] = [
    { about: claimTypesText, check: refuseMalformedClaims },
    { about: expiryText(terms), check: refuseExpired(terms) },
    { about: notBeforeText(terms), check: refuseNotYetValid(terms) },
    { about: issuedAtText(terms), check: refuseIssuedInFuture(terms) },
    { about: lifetimeText(terms), check: refuseLongLived(terms) },
    { about: audienceText(terms), check: refuseForeignAudience(terms) },
  ];
  const conclusive: readonly Compiled<ClaimCheck>[] = [
    ...(terms.strictAccessTokenProfile ? [{ about: profileText, check: refuseOutsideProfile }] : []),
    { about: tokenKindText(terms), check: refuseOtherKinds(terms) },
    { about: confirmationText, check: refuseUnknownConfirmation },
    { about: requiredClaimsText(terms), check: requireClaims(terms) },
    ...(terms.rules ?? []).map((rule) => ({ about: ruleText(rule), check: requireRule(rule) })),
  ];
  return new CompiledClaimPolicy(plausible, conclusive);
}

/** A check, and what an operator reads of it. */
interface Compiled<Check> {
  readonly about: RuleText;
  readonly check: Check;
}

class CompiledClaimPolicy implements ClaimPolicy {
  constructor(
    private readonly plausible: readonly Compiled<PlausibilityCheck>[],
    private readonly conclusive: readonly Compiled<ClaimCheck>[],
  ) {}

  refuseUnverified(claims: JsonObject, nowSeconds: number, witness?: Witness<ClaimStep>): Rejection | undefined {
    let first: Rejection | undefined;
    for (const { about, check } of this.plausible) {
      const refusal = check(claims, nowSeconds);
      witness?.saw(claimStep(about, claims, refusal));
      first ??= refusal;
      if (first && !witness) return first;
    }
    return first;
  }

  refuse(jwt: VerifiedJwt, nowSeconds: number, witness?: Witness<ClaimStep>): Rejection | undefined {
    let first = this.refuseUnverified(jwt.claims, nowSeconds, witness);
    if (first && !witness) return first;
    for (const { about, check } of this.conclusive) {
      const refusal = check(jwt, nowSeconds);
      witness?.saw(claimStep(about, jwt.claims, refusal));
      first ??= refusal;
      if (first && !witness) return first;
    }
    return first;
  }
}

function claimStep(about: RuleText, claims: JsonObject, refusal: Rejection | undefined): ClaimStep {
  // Where a rule is about many claims, its refusal names the one.
  const names = [...about.claims, ...(refusal?.detail === undefined ? [] : [refusal.detail])];
  const found = Object.fromEntries(
    names.filter((name) => Object.hasOwn(claims, name)).map((name) => [name, claims[name]]),
  );
  return { step: 'rule', about, found, refusal };
}

/** A number that is not one would compare as false and open a door. */
function assertSoundTerms({ clockToleranceSeconds, maxLifetimeSeconds }: ClaimTerms): void {
  const isTolerable = clockToleranceSeconds >= 0 && clockToleranceSeconds <= MAX_CLOCK_TOLERANCE_SECONDS;
  if (!isTolerable) throw new RangeError('clock tolerance must be 0 to 300 seconds');
  if (!(maxLifetimeSeconds > 0)) throw new RangeError('maximal lifetime must be positive');
}
