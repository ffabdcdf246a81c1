import { numericDate } from '../claims/numeric-date.js';
import { scopesOf } from '../claims/scope.js';
import type { Issuer } from '../issuers/issuer.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../shared/json-value.js';
import { furtherClaims, mayDisclose } from './disclosure.js';
import type { Active } from './introspection-result.js';

type Members = readonly (readonly [name: string, value: JsonValue | undefined])[];

/**
 * The answer for a good token (RFC 7662 §2.2), with what this caller may see. Only an {@link Active} leads here:
 * everything else is `{"active":false}` and no other member.
 */
export function introspectionAnswer({ issuer, jwt: { claims }, caller }: Active): JsonObject {
  const answer = Object.create(null) as Record<string, JsonValue>;
  for (const [name, value] of definedMembers(issuer, claims)) {
    if (value !== undefined && mayDisclose(caller.claims, name)) answer[name] = value;
  }
  for (const [name, value] of furtherClaims(claims, caller.claims)) answer[name] = value;
  return answer;
}

/** What RFC 7662 §2.2 defines, computed by us whatever the token says under these names (R7662-27). */
function definedMembers(issuer: Issuer, claims: JsonObject): Members {
  return [
    ['active', true],
    ['iss', claims['iss']],
    ['sub', claims['sub']],
    ['aud', claims['aud']],
    ['exp', secondsDown(numericDate(claims, 'exp'))],
    ['iat', secondsDown(numericDate(claims, 'iat'))],
    ['nbf', secondsUp(numericDate(claims, 'nbf'))],
    ['jti', claims['jti']],
    ['client_id', text(claims['client_id']) ?? text(claims['azp']) ?? issuer.defaultClientId],
    ['scope', text(scopesOf(claims)?.join(' '))],
    ['token_type', tokenType(claims['cnf'])],
    ['username', issuer.usernameClaim === undefined ? undefined : text(claims[issuer.usernameClaim])],
    ['cnf', claims['cnf']],
  ];
}

/** R7662-22: integers, and a fraction never makes a token live longer. */
function secondsDown(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.floor(seconds);
}

/** R7662-22: a fraction never makes a token valid earlier. */
function secondsUp(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.ceil(seconds);
}

/** A string that says something. */
function text(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** RFC 9449 §6.2; a token that is bound to a certificate is sent as `Bearer` (RFC 8705 §3). */
function tokenType(cnf: JsonValue | undefined): string {
  return isJsonObject(cnf) && cnf['jkt'] !== undefined ? 'DPoP' : 'Bearer';
}
