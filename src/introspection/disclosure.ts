import { grants, type Grant } from '../callers/caller.js';
import type { JsonObject, JsonValue } from '../shared/json-value.js';

/**
 * Members of an answer that every caller sees. `cnf` is among them, because an answer without it would turn a bound
 * token into a bearer token (RFC 7800 §3.1, R8705-09).
 */
const alwaysVisible: ReadonlySet<string> = new Set([
  'active',
  'iss',
  'aud',
  'exp',
  'iat',
  'client_id',
  'token_type',
  'cnf',
]);

/** Whether a caller with this grant sees the member `name` of an answer. */
export function mayDisclose(grant: Grant, name: string): boolean {
  return alwaysVisible.has(name) || grants(grant, name);
}

/** Names the registration whose key signed the token, to callers that tell registrations of one `iss` apart. */
export const registrationMember = 'assay_issuer';

/** Names that the answer itself gives meaning to (RFC 7662 §2.2): a claim of that name is never copied (R7662-27). */
const ownedByTheAnswer: ReadonlySet<string> = new Set([
  ...alwaysVisible,
  'sub',
  'nbf',
  'jti',
  'scope',
  'username',
  registrationMember,
]);

/** Names that are no claims but attacks on whoever merges the answer into an object, or nests it (E-13, RFC 9701 §5). */
const neverCopied: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype', 'token_introspection']);

/** The claims beyond those that RFC 7662 defines which this grant covers (R7662-26). */
export function* furtherClaims(claims: JsonObject, grant: Grant): Iterable<readonly [string, JsonValue]> {
  for (const name of grant === 'any' ? Object.keys(claims) : grant) {
    if (ownedByTheAnswer.has(name) || neverCopied.has(name) || !Object.hasOwn(claims, name)) continue;
    const value = claims[name];
    if (value !== undefined) yield [name, value];
  }
}
