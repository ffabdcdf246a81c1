import { standardNames } from '../../src/claims/claim-names.js';
import type { ClaimTerms } from '../../src/claims/claim-checks.js';

/** The audience of {@link someTerms}. */
export const usualAudience = 'https://api.corp.example';

/** Terms of a test's issuer, every one of them written out: half a minute of tolerance, a day of life, one audience. */
export function someTerms(differences: Partial<ClaimTerms> = {}): ClaimTerms {
  return {
    clockToleranceSeconds: 30,
    maxLifetimeSeconds: 86_400,
    audiences: new Set([usualAudience]),
    requiredClaims: [],
    rules: [],
    requireExpiry: true,
    allowIdTokens: false,
    strictAccessTokenProfile: false,
    names: standardNames,
    ...differences,
  };
}
