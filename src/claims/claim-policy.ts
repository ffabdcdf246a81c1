import type { JsonObject } from '../shared/json-value.js';
import type { Witness } from '../shared/witness.js';
import type { VouchedToken } from '../tokens/introspected-token.js';
import type { Rejection } from '../tokens/rejection.js';
import type { UnverifiedJwt } from '../tokens/unverified-jwt.js';
import type { ClaimCheck, ClaimStep, Described, JwtContent, RuleText } from './claim-check.js';
import { claimChecks, type ClaimTerms } from './claim-checks.js';
import { claimReader, claimText } from './claim-name.js';
import { hintAbout } from './name-doubt.js';

/** An issuer's rules for the claims of its tokens, compiled when the configuration changed. */
export interface ClaimPolicy {
  /**
   * The first rule that refuses the token, or `undefined`.
   * @param witness is shown every rule, those behind the first refusal included
   */
  refuse(jwt: VouchedToken, nowSeconds: number, witness?: Witness<ClaimStep>): Rejection | undefined;

  /**
   * The same for a token that has passed these very rules before, and has not changed since: only the rules that ask the time are left.
   * Absent: all rules have to be asked again.
   */
  refuseAgain?(jwt: VouchedToken, nowSeconds: number): Rejection | undefined;

  /**
   * The same for a token that nobody has verified. Used only to *deny* a key fetch: an expired token of a retired key must
   * not cost the issuer a request, nor its caller a 503.
   */
  refuseUnverified(jwt: UnverifiedJwt, nowSeconds: number, witness?: Witness<ClaimStep>): Rejection | undefined;
}

/**
 * Makes an issuer's rules ready, once for each change of the configuration: every check of {@link claimChecks}, in that order.
 * @throws {RangeError} for terms that no configuration may hold
 */
export function compileClaimPolicy(terms: ClaimTerms): ClaimPolicy {
  return new CompiledClaimPolicy(claimChecks.flatMap<Described>((make) => make(terms)));
}

/** Rules for JWTs that are no access tokens, such as client assertions. No operator asks why step by step: there is nothing to show. */
export function policyOfChecks(checks: readonly ClaimCheck[]): ClaimPolicy {
  const refuse: ClaimCheck = (jwt, nowSeconds) => {
    for (const check of checks) {
      const refusal = check(jwt, nowSeconds);
      if (refusal) return refusal;
    }
    return undefined;
  };
  return {
    refuse,
    refuseUnverified: ({ header, unverifiedClaims: claims }, nowSeconds) => refuse({ header, claims }, nowSeconds),
  };
}

class CompiledClaimPolicy implements ClaimPolicy {
  private readonly timed: readonly Described[];

  constructor(private readonly checks: readonly Described[]) {
    this.timed = checks.filter(({ asksTime }) => asksTime);
  }

  refuse(jwt: VouchedToken, nowSeconds: number, witness?: Witness<ClaimStep>): Rejection | undefined {
    return this.judge(jwt, nowSeconds, witness);
  }

  refuseAgain(jwt: VouchedToken, nowSeconds: number): Rejection | undefined {
    for (const { check } of this.timed) {
      const refusal = check(jwt, nowSeconds);
      if (refusal) return refusal;
    }
    return undefined;
  }

  refuseUnverified(
    { header, unverifiedClaims: claims }: UnverifiedJwt,
    nowSeconds: number,
    witness?: Witness<ClaimStep>,
  ): Rejection | undefined {
    return this.judge({ header, claims }, nowSeconds, witness);
  }

  private judge(jwt: JwtContent, nowSeconds: number, witness?: Witness<ClaimStep>): Rejection | undefined {
    let first: Rejection | undefined;
    for (const { about, check } of this.checks) {
      const refusal = check(jwt, nowSeconds);
      witness?.saw(claimStep(about, jwt.claims, refusal));
      first ??= refusal;
      if (first && !witness) return first;
    }
    return first;
  }
}

function claimStep(about: RuleText, claims: JsonObject, refusal: Rejection | undefined): ClaimStep {
  // Where a rule is about many claims, its refusal names the one. Other details are sentences, and no token has a claim of that name.
  const detail = refusal?.detail;
  const found = { ...foundIn(claims, about), ...(detail !== undefined && foundIn(claims, { claims: [detail] })) };
  return { step: 'rule', about, found, hint: hintIn(claims, about), refusal };
}

/** Those of the claims of a rule that a token has, by their names or pointers. For operators. */
export function foundIn(claims: JsonObject, { claims: names }: Pick<RuleText, 'claims'>): JsonObject {
  const found = names.map((name) => [claimText(name), claimReader(name)(claims)] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined));
}

/** What may be wrong with the names in a rule, as far as one token shows. For operators. */
export function hintIn(claims: JsonObject, { claims: names }: Pick<RuleText, 'claims'>): string | undefined {
  return names.map((name) => hintAbout(name, claims)).find((hint) => hint !== undefined);
}
