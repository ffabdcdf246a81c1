import type { JsonValue } from '../shared/json-value.js';
import { Rejection } from '../tokens/rejection.js';
import type { ClaimCheck } from './claim-policy.js';
import type { ClaimTerms } from './claim-terms.js';

/** Every required claim says something: null and the empty string do not. */
export function requireClaims({ requiredClaims = [] }: ClaimTerms): ClaimCheck {
  return ({ claims }) => {
    const missing = requiredClaims.find((claim) => isSilent(claims[claim]));
    return missing === undefined ? undefined : new Rejection('claim_missing', missing);
  };
}

function isSilent(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || value === '';
}
