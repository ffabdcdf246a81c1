import { Rejection } from '../tokens/rejection.js';
import type { PlausibilityCheck } from './claim-policy.js';
import type { RuleText } from './claim-step.js';
import type { ClaimTerms } from './claim-terms.js';
import { numericDate } from './numeric-date.js';

/**
 * No token lives longer than the issuer's limit: `exp - iat`, or what is left of it where `iat` is absent. It also refuses
 * an `exp` in milliseconds (E-05). A token without `exp`, where one is accepted at all, is measured by its age (D-08).
 */
export function refuseLongLived({ maxLifetimeSeconds, clockToleranceSeconds }: ClaimTerms): PlausibilityCheck {
  return (claims, nowSeconds) => {
    const exp = numericDate(claims, 'exp');
    const iat = numericDate(claims, 'iat');
    if (exp !== undefined) return exceeds(exp - (iat ?? nowSeconds), maxLifetimeSeconds);
    if (iat === undefined) return new Rejection('claim_missing', 'iat');
    return nowSeconds < iat + maxLifetimeSeconds + clockToleranceSeconds ? undefined : new Rejection('expired');
  };
}

function exceeds(lifetimeSeconds: number, limitSeconds: number): Rejection | undefined {
  return lifetimeSeconds > limitSeconds ? new Rejection('lifetime_exceeded') : undefined;
}

export function lifetimeText({ maxLifetimeSeconds }: ClaimTerms): RuleText {
  const expected = `at most ${maxLifetimeSeconds} s from iat, or else from now, to exp; without exp the same as the age`;
  return { rule: 'lifetime', source: 'configuration (maxLifetime)', claims: ['exp', 'iat'], expected };
}
