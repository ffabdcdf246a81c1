import { clientIdIn, scopeTextIn, textIn } from '../claims/claim-names.js';
import { numericDate } from '../claims/clock-tolerance.js';
import { registrationOf } from '../issuers/subject-scope.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../shared/json-value.js';
import { stringifyJson } from '../shared/strict-json.js';
import type { AnswerForm } from '../verification/prepared-answer.js';
import { bytesOfValue } from '../verification/verified-token-cache.js';
import { furtherClaims, furtherParts, mayDisclose, registrationMember } from './disclosure.js';
import type { Active } from './introspector.js';

/**
 * The answer for a good token (RFC 7662 §2.2), with what this caller may see. Only an {@link Active} leads here:
 * everything else is `{"active":false}` and no other member. What RFC 7662 defines is computed by us, whatever the token
 * says under these names (R7662-27).
 */
export function introspectionAnswer({ issuer, jwt: { claims }, caller }: Active): JsonObject {
  const { claims: grant, members, readsIssuerId, answer: form } = caller;
  if (form === 'minimal') return minimalAnswer(claims);
  // An ordinary object, because those without a prototype are slow to make and to write. No member is called `__proto__`.
  const answer: Record<string, JsonValue> = { active: true };
  const add = (name: string, value: JsonValue | undefined): void => {
    if (value !== undefined && mayDisclose(grant, name)) answer[name] = value;
  };
  add('iss', claims['iss']);
  if (readsIssuerId) answer[registrationMember] = registrationOf(issuer);
  add('sub', claims['sub']);
  add('aud', claims['aud']);
  add('exp', secondsDown(numericDate(claims, 'exp')));
  add('iat', secondsDown(numericDate(claims, 'iat')));
  add('nbf', secondsUp(numericDate(claims, 'nbf')));
  add('jti', claims['jti']);
  add('client_id', clientIdIn(claims, issuer.names) ?? issuer.defaultClientId);
  // Not put together for a caller that may not see it: scopes may be in several claims.
  if (mayDisclose(grant, 'scope')) add('scope', textIn(scopeTextIn(claims, issuer.names)));
  add('token_type', tokenType(claims['cnf']));
  add('username', textIn(issuer.username?.read(claims)));
  add('cnf', claims['cnf']);
  for (const [name, value] of furtherClaims(claims, grant)) answer[name] = value;
  if (members) for (const [name, value] of furtherParts(claims, caller)) answer[name] = value;
  return answer;
}

/** The answer as JSON. */
export const jsonAnswer: AnswerForm<Active, string> = {
  write: (active) => stringifyJson(introspectionAnswer(active)),
  bytesOf: (text) => bytesOfValue(text),
};

/** The answer in one of the forms in which it leaves: the one that is prepared, where the token is remembered. */
export function answerIn<Form>(active: Active, form: AnswerForm<Active, Form>): Form {
  return active.prepared ? active.prepared.answer(active, form) : form.write(active);
}

/** For a caller that wants to know whether a token is good, and not whose it is. Without `cnf` a bound token would be a bearer token. */
function minimalAnswer(claims: JsonObject): JsonObject {
  const { cnf } = claims;
  const exp = secondsDown(numericDate(claims, 'exp'));
  return {
    active: true,
    ...(exp !== undefined && { exp }),
    token_type: tokenType(cnf),
    ...(cnf !== undefined && { cnf }),
  };
}

/** R7662-22: integers, and a fraction never makes a token live longer. */
function secondsDown(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.floor(seconds);
}

/** R7662-22: a fraction never makes a token valid earlier. */
function secondsUp(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.ceil(seconds);
}

/** RFC 9449 §6.2; a token that is bound to a certificate is sent as `Bearer` (RFC 8705 §3). */
function tokenType(cnf: JsonValue | undefined): string {
  return isJsonObject(cnf) && cnf['jkt'] !== undefined ? 'DPoP' : 'Bearer';
}
