import type { TimelessRule } from '../claims/claim-check.js';
import type { JsonObject } from '../shared/json-value.js';
import { Rejection } from '../tokens/rejection.js';

/** The tenant that the `iss` of these claims names; `undefined` where it names none of ours. */
export type TenantOfClaims = (claims: JsonObject) => string | undefined;

/**
 * Demands of a token that the claim that names its tenant, and its `iss`, name the same one. One signature covers both, but a provider may
 * let its customers choose some claims, and callers read either.
 */
export function sameTenant(claim: string, tenantOf: TenantOfClaims): TimelessRule {
  return {
    about: { rule: 'tenant', source: 'template.claim', claims: [claim], expected: 'the tenant that iss names' },
    check({ claims }) {
      const tenant = tenantOf(claims);
      const named = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
      return tenant !== undefined && named === tenant ? undefined : new Rejection('tenant_mismatch', claim);
    },
  };
}
