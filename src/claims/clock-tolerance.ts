import type { JsonObject } from '../shared/json-value.js';

/** "A few minutes" of RFC 7519 §4.1.4; more would only extend the life of stolen tokens. */
export const MAX_CLOCK_TOLERANCE_SECONDS = 300;

/** The term that every check of a time shares. */
export interface ClockToleranceTerms {
  /** Leeway for clocks that differ, 0 to {@link MAX_CLOCK_TOLERANCE_SECONDS} (RFC 7519 §4.1.4). */
  readonly clockToleranceSeconds: number;
}

/**
 * The tolerance, once it is known to be one: a number that is not would compare as false and accept every time.
 * @throws {RangeError} for one that no configuration may hold
 */
export function soundTolerance({ clockToleranceSeconds }: ClockToleranceTerms): number {
  const isTolerable = clockToleranceSeconds >= 0 && clockToleranceSeconds <= MAX_CLOCK_TOLERANCE_SECONDS;
  if (!isTolerable) throw new RangeError('clock tolerance must be 0 to 300 seconds');
  return clockToleranceSeconds;
}

/** A NumericDate claim in seconds (RFC 7519 §2), after the types were checked; `undefined` where it is absent. */
export function numericDate(claims: JsonObject, claim: 'exp' | 'nbf' | 'iat'): number | undefined {
  const value = claims[claim];
  return typeof value === 'number' ? value : undefined;
}
