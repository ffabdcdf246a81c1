import { Rejection } from '../tokens/rejection.js';
import type { PlausibilityCheck } from './claim-policy.js';
import type { RuleText } from './claim-step.js';
import type { ClaimTerms } from './claim-terms.js';
import { numericDate } from './numeric-date.js';

/** RFC 7519 §4.1.5: not before `nbf`, give or take the tolerance. */
export function refuseNotYetValid({ clockToleranceSeconds }: ClaimTerms): PlausibilityCheck {
  return (claims, nowSeconds) => {
    const nbf = numericDate(claims, 'nbf');
    return nbf === undefined || nbf <= nowSeconds + clockToleranceSeconds ? undefined : new Rejection('not_yet_valid');
  };
}

export function notBeforeText({ clockToleranceSeconds }: ClaimTerms): RuleText {
  const expected = `nbf absent or not later than now; ${clockToleranceSeconds} s of tolerance`;
  return { rule: 'not before', source: 'RFC 7519 §4.1.5', claims: ['nbf'], expected };
}
