import type { ClaimCheck, Described, RuleText } from '../../src/claims/claim-check.js';
import { termsForCaller, type ClaimTerms } from '../../src/claims/claim-checks.js';
import { compileClaimPolicy, type ClaimPolicy } from '../../src/claims/claim-policy.js';
import type { JsonObject } from '../../src/shared/json-value.js';
import type { UnverifiedJwt } from '../../src/tokens/unverified-jwt.js';

/** Claims count only where their signature was checked. */
export function checkUnverified(check: ClaimCheck, policy: ClaimPolicy, jwt: UnverifiedJwt, claims: JsonObject) {
  return [
    // @ts-expect-error: 'UnverifiedJwt' is not assignable to parameter of type 'JwtContent'
    check(jwt, 0),
    // @ts-expect-error: 'UnverifiedJwt' is not assignable to parameter of type 'VouchedToken'
    policy.refuse(jwt, 0),
    // @ts-expect-error: Property '[verified]' is missing
    policy.refuse({ header: jwt.header, claims, keyThumbprint: '' }, 0),
    policy.refuseUnverified(jwt, 0),
  ];
}

/** A check that reads the time says so, because a token that has passed the others is not asked for them again. */
export function askTheTime(check: ClaimCheck, about: RuleText): readonly Described[] {
  return [
    // @ts-expect-error: Property 'asksTime' is missing
    { about, check },
    { about, check, asksTime: true },
    { about, check: ({ claims }) => check({ header: {}, claims }, 0) },
  ];
}

/** A term that is left out is no term that permits everything. */
export function leaveOut({ audiences, requireExpiry, ...others }: ClaimTerms) {
  return [
    // @ts-expect-error: Property 'audiences' is missing
    compileClaimPolicy({ ...others, requireExpiry }),
    // @ts-expect-error: Property 'requireExpiry' is missing
    compileClaimPolicy({ ...others, audiences }),
    // @ts-expect-error: Property 'audiences' is missing
    termsForCaller({ ...others, requireExpiry }, 'https://assay.example'),
    compileClaimPolicy({ ...others, audiences, requireExpiry }),
  ];
}
