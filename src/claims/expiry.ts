import { Rejection } from '../tokens/rejection.js';
import type { PlausibilityCheck } from './claim-policy.js';
import type { RuleText } from './claim-step.js';
import type { ClaimTerms } from './claim-terms.js';
import { numericDate } from './numeric-date.js';

/** RFC 7519 §4.1.4: the current time must be *before* `exp`; at `exp` plus the tolerance it is over. */
export function refuseExpired({ clockToleranceSeconds, requireExpiry = true }: ClaimTerms): PlausibilityCheck {
  return (claims, nowSeconds) => {
    const exp = numericDate(claims, 'exp');
    if (exp === undefined) return requireExpiry ? new Rejection('claim_missing', 'exp') : undefined;
    return nowSeconds < exp + clockToleranceSeconds ? undefined : new Rejection('expired');
  };
}

export function expiryText({ clockToleranceSeconds, requireExpiry = true }: ClaimTerms): RuleText {
  const expected = `exp later than now; ${clockToleranceSeconds} s of tolerance`;
  return {
    rule: 'expiry',
    source: 'RFC 7519 §4.1.4',
    claims: ['exp'],
    expected: requireExpiry ? expected : `${expected}; it may be absent`,
  };
}
