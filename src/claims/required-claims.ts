import type { JsonValue } from '../shared/json-value.js';
import { Rejection } from '../tokens/rejection.js';
import { claimReader, claimText, type ClaimName } from './claim-name.js';
import { listed, type Described } from './claim-check.js';

/** What tokens of an issuer must carry. */
export interface RequiredClaimsTerms {
  /** Claims that must be present, not null and not empty. */
  readonly requiredClaims: readonly ClaimName[];
}

/** Every required claim says something: null and the empty string do not. */
export function requireClaims({ requiredClaims }: RequiredClaimsTerms): Described {
  const required = requiredClaims.map((name) => ({ text: claimText(name), read: claimReader(name) }));
  return {
    about: {
      rule: 'required claims',
      source: 'RFC 7519 §4 (requiredClaims)',
      claims: requiredClaims,
      expected:
        required.length === 0
          ? 'nothing is required'
          : `a value in each of ${listed(required.map(({ text }) => text))}`,
    },
    check({ claims }) {
      const missing = required.find(({ read }) => isSilent(read(claims)));
      return missing === undefined ? undefined : new Rejection('claim_missing', missing.text);
    },
  };
}

function isSilent(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || value === '';
}
