import { Rejection } from '../tokens/rejection.js';
import type { PlausibilityCheck } from './claim-policy.js';
import type { RuleText } from './claim-step.js';
import type { ClaimTerms } from './claim-terms.js';
import { numericDate } from './numeric-date.js';

/** Nobody issues in the future. RFC 7519 §4.1.6 does not ask for it; decision D-09 does, against stretched lifetimes. */
export function refuseIssuedInFuture({ clockToleranceSeconds }: ClaimTerms): PlausibilityCheck {
  return (claims, nowSeconds) => {
    const iat = numericDate(claims, 'iat');
    return iat === undefined || iat <= nowSeconds + clockToleranceSeconds
      ? undefined
      : new Rejection('issued_in_future');
  };
}

export function issuedAtText({ clockToleranceSeconds }: ClaimTerms): RuleText {
  const expected = `iat absent or not later than now; ${clockToleranceSeconds} s of tolerance`;
  return { rule: 'issued at', source: 'RFC 7519 §4.1.6, as an upper bound', claims: ['iat'], expected };
}
