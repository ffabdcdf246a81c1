import { isJsonArray, type JsonObject } from '../shared/json-value.js';
import { Rejection } from '../tokens/rejection.js';
import type { PlausibilityCheck } from './claim-policy.js';
import { listed, type RuleText } from './claim-step.js';
import type { ClaimTerms } from './claim-terms.js';

/** Whether `aud`, its members or its one string (RFC 7519 §4.1.3), names one of `audiences`, code point by code point. */
export function namesAnyOf({ aud }: JsonObject, audiences: ReadonlySet<string>): boolean {
  if (typeof aud === 'string') return audiences.has(aud);
  return isJsonArray(aud) && aud.some((member) => typeof member === 'string' && audiences.has(member));
}

/** RFC 7519 §4.1.3, RFC 8707 §2: one member of `aud` equals one of ours, code point by code point. */
export function refuseForeignAudience({ audiences }: ClaimTerms): PlausibilityCheck {
  if (audiences === 'any') return () => undefined;
  return (claims: JsonObject) => (namesAnyOf(claims, audiences) ? undefined : new Rejection('audience_mismatch'));
}

export function audienceText({ audiences }: ClaimTerms): RuleText {
  const expected = audiences === 'any' ? 'any audience, or none' : `one of ${listed(audiences)}`;
  return { rule: 'audience', source: 'RFC 7519 §4.1.3 (audiences)', claims: ['aud'], expected };
}
