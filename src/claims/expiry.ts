import { Rejection } from '../tokens/rejection.js';
import type { Described } from './claim-check.js';
import { soundTolerance, type ClockToleranceTerms, numericDate } from './clock-tolerance.js';

/** Whether tokens of an issuer must say when they end. */
export interface ExpiryTerms extends ClockToleranceTerms {
  /** `false` accepts a token without `exp` by its age (decision D-08). */
  readonly requireExpiry: boolean;
}

/**
 * RFC 7519 §4.1.4: the current time must be *before* `exp`; at `exp` plus the tolerance it is over.
 * @throws {RangeError} for a tolerance that no configuration may hold
 */
export function refuseExpired(terms: ExpiryTerms): Described {
  const { requireExpiry } = terms;
  const toleranceSeconds = soundTolerance(terms);
  const expected = `exp later than now; ${toleranceSeconds} s of tolerance`;
  return {
    about: {
      rule: 'expiry',
      source: 'RFC 7519 §4.1.4',
      claims: ['exp'],
      expected: requireExpiry ? expected : `${expected}; it may be absent`,
    },
    asksTime: true,
    check({ claims }, nowSeconds) {
      const exp = numericDate(claims, 'exp');
      if (exp === undefined) return requireExpiry ? new Rejection('claim_missing', 'exp') : undefined;
      return nowSeconds < exp + toleranceSeconds ? undefined : new Rejection('expired');
    },
  };
}
