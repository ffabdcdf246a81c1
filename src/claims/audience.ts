import { isJsonArray, type JsonObject } from '../shared/json-value.js';
import { Rejection } from '../tokens/rejection.js';
import type { VerifiedJwt } from '../tokens/verified-jwt.js';
import type { PlausibilityCheck } from './claim-policy.js';
import { listed, type RuleText } from './claim-step.js';
import type { ClaimTerms } from './claim-terms.js';

/** Whom a token is for: the members of `aud`, or its one string (RFC 7519 §4.1.3); none where it says nothing. */
export function audiencesOf({ claims }: Pick<VerifiedJwt, 'claims'>): readonly string[] {
  const { aud } = claims;
  if (typeof aud === 'string') return [aud];
  return isJsonArray(aud) ? aud.filter((member) => typeof member === 'string') : [];
}

/** RFC 7519 §4.1.3, RFC 8707 §2: one member of `aud` equals one of ours, code point by code point. */
export function refuseForeignAudience({ audiences }: ClaimTerms): PlausibilityCheck {
  if (audiences === 'any') return () => undefined;
  return (claims: JsonObject) =>
    audiencesOf({ claims }).some((audience) => audiences.has(audience))
      ? undefined
      : new Rejection('audience_mismatch');
}

export function audienceText({ audiences }: ClaimTerms): RuleText {
  const expected = audiences === 'any' ? 'any audience, or none' : `one of ${listed(audiences)}`;
  return { rule: 'audience', source: 'RFC 7519 §4.1.3 (audiences)', claims: ['aud'], expected };
}
