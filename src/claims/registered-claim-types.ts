/** Refuses registered claims of a wrong type before any check asks what they mean. */
import { isJsonArray, isJsonObject, type JsonValue } from '../shared/json-value.js';
import { Rejection } from '../tokens/rejection.js';
import { isScopeClaim } from './scope.js';
import type { Described } from './claim-check.js';
import { standardNames, type ClaimNames, type ClaimNamesTerms, type NamedClaim } from './claim-names.js';

type Shape = (value: JsonValue) => boolean;

const isString: Shape = (value) => typeof value === 'string';
const isStringOrStrings: Shape = (value) => isString(value) || (isJsonArray(value) && value.every(isString));

/**
 * RFC 7519 §2: seconds since the epoch as a JSON number, fractions allowed. Up to 2^53 - 1, because beyond that a double
 * no longer counts seconds; a larger integer arrives as a `bigint`. Zero is a date: Keycloak used to write `nbf: 0`.
 */
const isNumericDate: Shape = (value) => typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER;

const isPositiveDate: Shape = (value) => isNumericDate(value) && value !== 0;

/** The registered claims that we read, and what they must be where they are present (RFC 7519 §4.1, 8693 §4, 7800 §3.1). */
const shapes: readonly (readonly [claim: string, shape: Shape])[] = [
  ['iss', isString],
  ['sub', isString],
  ['aud', isStringOrStrings],
  ['exp', isPositiveDate],
  ['nbf', isNumericDate],
  ['iat', isNumericDate],
  ['jti', isString],
  ['client_id', isString],
  ['azp', isString],
  ['scope', isScopeClaim],
  ['scp', isScopeClaim],
  ['cnf', isJsonObject],
];

/** Types before semantics: a claim of the wrong type is never one that is absent (CVE-2026-25537). */
export function refuseMalformedClaims({ names }: ClaimNamesTerms): Described {
  const texts = textsAmong(names);
  const checked = [...shapes.map(([claim]) => claim), ...texts.map(({ text }) => text)];
  return {
    about: {
      rule: 'claim types',
      source: 'RFC 7519 §4.1, RFC 8693 §4, RFC 7800 §3.1',
      // Too many to show: the refusal names the one that is malformed.
      claims: [],
      expected: `the registered types of ${checked.join(', ')}`,
    },
    check({ claims }) {
      for (const [claim, hasShape] of shapes) {
        const value = claims[claim];
        if (value !== undefined && !hasShape(value)) return new Rejection('claim_malformed', claim);
      }
      for (const { text, read } of texts) {
        const value = read(claims);
        if (value !== undefined && !isString(value)) return new Rejection('claim_malformed', text);
      }
      return undefined;
    },
  };
}

/** The claims that an issuer calls its client, token, session or subject, where that is not as usual: they are texts. */
function textsAmong(names: ClaimNames): readonly NamedClaim[] {
  const { clientIdClaims, tokenIdClaim, sessionClaim, subjectClaim } = names;
  const usual = new Set([...shapes.map(([claim]) => claim), standardNames.sessionClaim.text]);
  return [...clientIdClaims, tokenIdClaim, sessionClaim, subjectClaim].filter(({ text }) => !usual.has(text));
}
