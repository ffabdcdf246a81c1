import { Rejection } from '../tokens/rejection.js';
import type { PlausibilityCheck } from './claim-policy.js';
import type { ClaimTerms } from './claim-terms.js';
import { numericDate } from './numeric-date.js';

/** RFC 7519 §4.1.5: not before `nbf`, give or take the tolerance. */
export function refuseNotYetValid({ clockToleranceSeconds }: ClaimTerms): PlausibilityCheck {
  return (claims, nowSeconds) => {
    const nbf = numericDate(claims, 'nbf');
    return nbf === undefined || nbf <= nowSeconds + clockToleranceSeconds ? undefined : new Rejection('not_yet_valid');
  };
}
