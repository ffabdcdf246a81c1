/** Decides which members of an answer a caller may see. */
import { alwaysVisible, grants, type Caller, type Grant, type GrantedMembers } from '../callers/caller.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../shared/json-value.js';

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
    const value = mayCopy(claims, name) ? claims[name] : undefined;
    if (value !== undefined) yield [name, value];
  }
}

/** Of claims that a caller may see a part of, that part: each granted member within the objects that lead to it, and nothing beside it. */
export function* furtherParts(
  claims: JsonObject,
  { claims: grant, members }: Pick<Caller, 'claims' | 'members'>,
): Iterable<readonly [string, JsonValue]> {
  for (const [name, granted] of members ?? []) {
    if (granted === 'whole' || grants(grant, name) || !mayCopy(claims, name)) continue;
    const part = partOf(claims[name], granted);
    if (part) yield [name, part];
  }
}

/** @returns `undefined` where nothing of it is granted: no empty object tells that the claim is there */
function partOf(value: JsonValue | undefined, members: GrantedMembers): JsonObject | undefined {
  if (!isJsonObject(value)) return undefined;
  // Prepared grants have no name that would be taken for the prototype.
  const part: Record<string, JsonValue> = {};
  for (const [name, granted] of members) {
    if (!Object.hasOwn(value, name)) continue;
    const found = granted === 'whole' ? value[name] : partOf(value[name], granted);
    if (found !== undefined) part[name] = found;
  }
  return Object.keys(part).length === 0 ? undefined : part;
}

function mayCopy(claims: JsonObject, name: string): boolean {
  return !ownedByTheAnswer.has(name) && !neverCopied.has(name) && Object.hasOwn(claims, name);
}
