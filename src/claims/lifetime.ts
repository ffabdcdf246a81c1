import { Rejection } from '../tokens/rejection.js';
import type { Described } from './claim-check.js';
import { soundTolerance, type ClockToleranceTerms, numericDate } from './clock-tolerance.js';

/** How long tokens of an issuer may live. */
export interface LifetimeTerms extends ClockToleranceTerms {
  /** Longest `exp - iat`, or `exp - now` where `iat` is absent; also the greatest age of a token without `exp`. */
  readonly maxLifetimeSeconds: number;
}

/**
 * No token lives longer than the issuer's limit: `exp - iat`, or what is left of it where `iat` is absent. It also refuses
 * an `exp` in milliseconds (E-05). A token without `exp`, where one is accepted at all, is measured by its age (D-08).
 * @throws {RangeError} for a limit or a tolerance that no configuration may hold
 */
export function refuseLongLived(terms: LifetimeTerms): Described {
  const { maxLifetimeSeconds } = terms;
  const toleranceSeconds = soundTolerance(terms);
  // A number that is not one would compare as false, and no token would live too long.
  if (!(maxLifetimeSeconds > 0)) throw new RangeError('maximal lifetime must be positive');
  return {
    about: {
      rule: 'lifetime',
      source: 'configuration (maxLifetime)',
      claims: ['exp', 'iat'],
      expected: `at most ${maxLifetimeSeconds} s from iat, or else from now, to exp; without exp the same as the age`,
    },
    asksTime: true,
    check({ claims }, nowSeconds) {
      const exp = numericDate(claims, 'exp');
      const iat = numericDate(claims, 'iat');
      if (exp !== undefined) return exceeds(exp - (iat ?? nowSeconds), maxLifetimeSeconds);
      if (iat === undefined) return new Rejection('claim_missing', 'iat');
      return nowSeconds < iat + maxLifetimeSeconds + toleranceSeconds ? undefined : new Rejection('expired');
    },
  };
}

function exceeds(lifetimeSeconds: number, limitSeconds: number): Rejection | undefined {
  return lifetimeSeconds > limitSeconds ? new Rejection('lifetime_exceeded') : undefined;
}
