import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../shared/json-value.js';

/** RFC 6749 §3.3: one scope token, and scope tokens between spaces. The grammar knows no empty scope; issuers do. */
const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/;
const scopeString = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/** As many scopes as tokens usually have. */
const FEW = 16;

/** Spaces that separate nothing. */
const untidy = /^ | {2}| $/;

/** Whether a `scope` or `scp` claim is one of the forms in use: a string of tokens, or an array of tokens. */
export function isScopeClaim(value: JsonValue): boolean {
  if (typeof value === 'string') return scopeString.test(value);
  return isJsonArray(value) && value.every((member) => typeof member === 'string' && scopeToken.test(member));
}

/** The scopes of a token, from `scope` or else `scp`; `undefined` where it carries neither. */
export function scopesOf(claims: JsonObject): readonly string[] | undefined {
  return scopeMembers(claims['scope']) ?? scopeMembers(claims['scp']);
}

/** The same as one text with single spaces (RFC 6749 §3.3), which most issuers write anyway. */
export function scopeText(claims: JsonObject): string | undefined {
  const { scope } = claims;
  return typeof scope === 'string' && !untidy.test(scope) ? scope : scopesOf(claims)?.join(' ');
}

/** The members of one such claim, whose form {@link isScopeClaim} has accepted. */
export function scopeMembers(value: JsonValue | undefined): readonly string[] | undefined {
  if (typeof value === 'string') {
    const members = value.split(' ');
    return members.includes('') ? members.filter((member) => member !== '') : members;
  }
  return isJsonArray(value) ? value.filter((member) => typeof member === 'string') : undefined;
}

/**
 * The scopes that several claims say together, each once: an array of texts, a text with spaces, or an object, whose members are
 * named as what they grant. What cannot be a scope is left out: a role with a space in its name would become two scopes, and one
 * of them may be a right.
 * @returns `undefined` where none of the values has one of these forms
 */
export function scopesFrom(values: readonly (JsonValue | undefined)[]): readonly string[] | undefined {
  let found: string[] | undefined;
  for (const value of values) {
    const members = scopeMembers(value) ?? (isJsonObject(value) ? grantedKeys(value) : undefined);
    if (!members) continue;
    found ??= [];
    // A text of such characters and spaces alone has no member that would have to be left out.
    const areSound = typeof value === 'string' && scopeString.test(value);
    for (const member of members) if (areSound || scopeToken.test(member)) found.push(member);
  }
  return found && eachOnce(found);
}

/** A few are compared with each other sooner than a set of them is made; of many that would take its square. */
function eachOnce(members: readonly string[]): readonly string[] {
  return members.length > FEW ? [...new Set(members)] : members.filter((member, i) => members.indexOf(member) === i);
}

/** Whether an object grants something by having a member of this name, such as the roles of Zitadel: `{"admin":{"1":"org.example"}}`. */
export function grantsKey(value: JsonValue | undefined, name: string): boolean {
  return isJsonObject(value) && Object.hasOwn(value, name) && saysSomething(value[name]);
}

function grantedKeys(value: JsonObject): readonly string[] {
  return Object.keys(value).filter((name) => saysSomething(value[name]));
}

/** `{"admin":false}` says who is no admin. */
function saysSomething(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null && value !== false;
}
