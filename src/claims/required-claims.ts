import type { JsonValue } from '../shared/json-value.js';
import { Rejection } from '../tokens/rejection.js';
import type { ClaimCheck } from './claim-policy.js';
import { listed, type RuleText } from './claim-step.js';
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

export function requiredClaimsText({ requiredClaims = [] }: ClaimTerms): RuleText {
  const expected = requiredClaims.length === 0 ? 'nothing is required' : `a value in each of ${listed(requiredClaims)}`;
  return { rule: 'required claims', source: 'RFC 7519 §4 (requiredClaims)', claims: requiredClaims, expected };
}
