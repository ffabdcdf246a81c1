import type { ClaimStep } from '../claims/claim-check.js';
import type { ClaimPolicy } from '../claims/claim-policy.js';
import type { JsonObject } from '../shared/json-value.js';
import type { Witness } from '../shared/witness.js';
import { Rejection } from '../tokens/rejection.js';
import type { UnverifiedJwt } from '../tokens/unverified-jwt.js';
import type { VerifiedJwt } from '../tokens/verified-jwt.js';

/** The tenant that the `iss` of these claims names; `undefined` where it names none of ours. */
export type TenantOfClaims = (claims: JsonObject) => string | undefined;

/**
 * Demands of a token that the claim that names its tenant, and its `iss`, name the same one. One signature covers both, but a provider may
 * let its customers choose some claims, and callers read either.
 */
export class TenantPolicy implements ClaimPolicy {
  constructor(
    private readonly policy: ClaimPolicy,
    private readonly claim: string,
    private readonly tenantOf: TenantOfClaims,
  ) {}

  refuse(jwt: VerifiedJwt, nowSeconds: number, witness?: Witness<ClaimStep>): Rejection | undefined {
    const refusal = this.refuseTenant(jwt.claims, witness);
    if (refusal && !witness) return refusal;
    const other = this.policy.refuse(jwt, nowSeconds, witness);
    return refusal ?? other;
  }

  refuseUnverified(jwt: UnverifiedJwt, nowSeconds: number, witness?: Witness<ClaimStep>): Rejection | undefined {
    const refusal = this.refuseTenant(jwt.unverifiedClaims, witness);
    if (refusal && !witness) return refusal;
    const other = this.policy.refuseUnverified(jwt, nowSeconds, witness);
    return refusal ?? other;
  }

  private refuseTenant(claims: JsonObject, witness: Witness<ClaimStep> | undefined): Rejection | undefined {
    const { claim } = this;
    const tenant = this.tenantOf(claims);
    const named = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
    const refusal = tenant !== undefined && named === tenant ? undefined : new Rejection('tenant_mismatch', claim);
    const about = { rule: 'tenant', source: 'template.claim', claims: [claim], expected: 'the tenant that iss names' };
    witness?.saw({
      step: 'rule',
      about,
      found: named === undefined ? {} : { [claim]: named },
      hint: undefined,
      refusal,
    });
    return refusal;
  }
}
