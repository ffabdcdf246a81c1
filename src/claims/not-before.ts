import { Rejection } from '../tokens/rejection.js';
import type { Described } from './claim-check.js';
import { soundTolerance, type ClockToleranceTerms, numericDate } from './clock-tolerance.js';

/**
 * RFC 7519 §4.1.5: not before `nbf`, give or take the tolerance.
 * @throws {RangeError} for a tolerance that no configuration may hold
 */
export function refuseNotYetValid(terms: ClockToleranceTerms): Described {
  const toleranceSeconds = soundTolerance(terms);
  return {
    about: {
      rule: 'not before',
      source: 'RFC 7519 §4.1.5',
      claims: ['nbf'],
      expected: `nbf absent or not later than now; ${toleranceSeconds} s of tolerance`,
    },
    asksTime: true,
    check({ claims }, nowSeconds) {
      const nbf = numericDate(claims, 'nbf');
      return nbf === undefined || nbf <= nowSeconds + toleranceSeconds ? undefined : new Rejection('not_yet_valid');
    },
  };
}
