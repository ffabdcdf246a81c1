import { Rejection } from '../tokens/rejection.js';
import type { Described } from './claim-check.js';
import { soundTolerance, type ClockToleranceTerms, numericDate } from './clock-tolerance.js';

/**
 * Nobody issues in the future. RFC 7519 §4.1.6 does not ask for it; we do, against stretched lifetimes.
 * @throws {RangeError} for a tolerance that no configuration may hold
 */
export function refuseIssuedInFuture(terms: ClockToleranceTerms): Described {
  const toleranceSeconds = soundTolerance(terms);
  return {
    about: {
      rule: 'issued at',
      source: 'RFC 7519 §4.1.6, as an upper bound',
      claims: ['iat'],
      expected: `iat absent or not later than now; ${toleranceSeconds} s of tolerance`,
    },
    asksTime: true,
    check({ claims }, nowSeconds) {
      const iat = numericDate(claims, 'iat');
      return iat === undefined || iat <= nowSeconds + toleranceSeconds ? undefined : new Rejection('issued_in_future');
    },
  };
}
