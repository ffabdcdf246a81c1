import type { ClaimStep, JwtContent, TimelessRule } from '../claims/claim-check.js';
import { foundIn, type ClaimPolicy } from '../claims/claim-policy.js';
import type { Witness } from '../shared/witness.js';
import type { VouchedToken } from '../tokens/introspected-token.js';
import type { Rejection } from '../tokens/rejection.js';
import type { UnverifiedJwt } from '../tokens/unverified-jwt.js';

/** What a registration demands of its tokens before its rules: it can only refuse more. */
export class NarrowedPolicy implements ClaimPolicy {
  constructor(
    private readonly policy: ClaimPolicy,
    private readonly demands: readonly TimelessRule[],
  ) {}

  refuse(jwt: VouchedToken, nowSeconds: number, witness?: Witness<ClaimStep>): Rejection | undefined {
    const refusal = this.refuseFirst(jwt, witness);
    if (refusal && !witness) return refusal;
    const other = this.policy.refuse(jwt, nowSeconds, witness);
    return refusal ?? other;
  }

  /** The demands hold for ever where they held once. */
  refuseAgain(jwt: VouchedToken, nowSeconds: number): Rejection | undefined {
    const { policy } = this;
    return policy.refuseAgain ? policy.refuseAgain(jwt, nowSeconds) : policy.refuse(jwt, nowSeconds);
  }

  refuseUnverified(jwt: UnverifiedJwt, nowSeconds: number, witness?: Witness<ClaimStep>): Rejection | undefined {
    const content = { header: jwt.header, claims: jwt.unverifiedClaims };
    const refusal = this.refuseFirst(content, witness);
    if (refusal && !witness) return refusal;
    const other = this.policy.refuseUnverified(jwt, nowSeconds, witness);
    return refusal ?? other;
  }

  private refuseFirst(jwt: JwtContent, witness?: Witness<ClaimStep>): Rejection | undefined {
    let first: Rejection | undefined;
    for (const { about, check } of this.demands) {
      const refusal = check(jwt);
      witness?.saw({ step: 'rule', about, found: foundIn(jwt.claims, about), hint: undefined, refusal });
      first ??= refusal;
    }
    return first;
  }
}
