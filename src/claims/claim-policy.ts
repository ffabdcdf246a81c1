import type { JsonObject } from '../shared/json-value.js';
import type { Witness } from '../shared/witness.js';
import type { Rejection } from '../tokens/rejection.js';
import type { VerifiedJwt } from '../tokens/verified-jwt.js';
import type { ClaimStep, ClaimCheck, Described, PlausibilityCheck, RuleText } from './claim-check.js';
import { claimChecks, type ClaimTerms } from './claim-checks.js';

/** An issuer's rules for the claims of its tokens, compiled when the configuration changed. */
export interface ClaimPolicy {
  /**
   * The first rule that refuses the token, or `undefined`.
   * @param witness is shown every rule, those behind the first refusal included
   */
  refuse(jwt: VerifiedJwt, nowSeconds: number, witness?: Witness<ClaimStep>): Rejection | undefined;

  /**
   * Whether claims that nobody has verified could ever pass. Used only to *deny* a key fetch:
   * an expired token of a retired key must not cost the issuer a request.
   */
  refuseUnverified(claims: JsonObject, nowSeconds: number, witness?: Witness<ClaimStep>): Rejection | undefined;
}

/**
 * Makes an issuer's rules ready, once for each change of the configuration: every check of {@link claimChecks}, in that order.
 * @throws {RangeError} for terms that no configuration may hold
 */
export function compileClaimPolicy(terms: ClaimTerms): ClaimPolicy {
  return new CompiledClaimPolicy(
    claimChecks.plausible.flatMap((make) => make(terms)),
    claimChecks.conclusive.flatMap<Described<ClaimCheck>>((make) => make(terms)),
  );
}

class CompiledClaimPolicy implements ClaimPolicy {
  constructor(
    private readonly plausible: readonly Described<PlausibilityCheck>[],
    private readonly conclusive: readonly Described<ClaimCheck>[],
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
