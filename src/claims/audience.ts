import { isJsonArray, type JsonObject } from '../shared/json-value.js';
import { Rejection } from '../tokens/rejection.js';
import { listed, type Described } from './claim-check.js';

/** Whether `aud`, its members or its one string (RFC 7519 §4.1.3), names one of `audiences`, code point by code point. */
export function namesAnyOf({ aud }: JsonObject, audiences: ReadonlySet<string>): boolean {
  if (typeof aud === 'string') return audiences.has(aud);
  return isJsonArray(aud) && aud.some((member) => typeof member === 'string' && audiences.has(member));
}

/** For whom tokens must be made. */
export interface AudienceTerms {
  /** `aud` must name one of these, exactly; `any` has to be written out. */
  readonly audiences: ReadonlySet<string> | 'any';
}

/** RFC 7519 §4.1.3, RFC 8707 §2: one member of `aud` equals one of ours, code point by code point. */
export function refuseForeignAudience({ audiences }: AudienceTerms): Described {
  const about = { rule: 'audience', source: 'RFC 7519 §4.1.3 (audiences)', claims: ['aud'] };
  if (audiences === 'any') {
    return { about: { ...about, expected: 'any audience, or none' }, check: () => undefined };
  }
  return {
    about: { ...about, expected: `one of ${listed(audiences)}` },
    check: ({ claims }) => (namesAnyOf(claims, audiences) ? undefined : new Rejection('audience_mismatch')),
  };
}
