import type { JsonValue } from '../shared/json-value.js';
import { Rejection } from '../tokens/rejection.js';
import { listed, type Described } from './claim-check.js';

/** What tokens of an issuer must carry. */
export interface RequiredClaimsTerms {
  /** Claims that must be present, not null and not empty. */
  readonly requiredClaims: readonly string[];
}

/** Every required claim says something: null and the empty string do not. */
export function requireClaims({ requiredClaims }: RequiredClaimsTerms): Described {
  return {
    about: {
      rule: 'required claims',
      source: 'RFC 7519 §4 (requiredClaims)',
      claims: requiredClaims,
      expected: requiredClaims.length === 0 ? 'nothing is required' : `a value in each of ${listed(requiredClaims)}`,
    },
    check({ claims }) {
      const missing = requiredClaims.find((claim) => isSilent(claims[claim]));
      return missing === undefined ? undefined : new Rejection('claim_missing', missing);
    },
  };
}

function isSilent(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || value === '';
}
