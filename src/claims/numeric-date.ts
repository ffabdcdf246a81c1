import type { JsonObject } from '../shared/json-value.js';

/** A NumericDate claim in seconds (RFC 7519 §2), after the types were checked; `undefined` where it is absent. */
export function numericDate(claims: JsonObject, claim: 'exp' | 'nbf' | 'iat'): number | undefined {
  const value = claims[claim];
  return typeof value === 'number' ? value : undefined;
}
