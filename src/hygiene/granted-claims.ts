/** Says which claims that a caller was granted a token has. */
import { alwaysVisible, type Caller } from '../callers/caller.js';
import { memberPointers } from '../callers/registration/granted-members.js';
import { claimReader } from '../claims/claim-name.js';
import { scopeTextIn, textIn } from '../claims/claim-names.js';
import type { Issuer } from '../issuers/issuer.js';
import type { JsonObject } from '../shared/json-value.js';

/** A claim, or a member of one, that a caller may see because it was granted. */
export interface GrantedClaim {
  /** As operators read of it: the name, or the way to it. */
  readonly name: string;
  readonly isIn: (claims: JsonObject, issuer: Issuer) => boolean;
}

const compiled = new WeakMap<Caller, readonly GrantedClaim[]>();

/** What a caller was granted by name. None where it sees all claims, or where its answers show none. */
export function grantedClaimsOf(caller: Caller): readonly GrantedClaim[] {
  let granted = compiled.get(caller);
  if (!granted) compiled.set(caller, (granted = compile(caller)));
  return granted;
}

function compile({ claims, members, answer }: Caller): readonly GrantedClaim[] {
  if (claims === 'any' || answer === 'minimal') return [];
  const whole = [...claims].filter((name) => !alwaysVisible.has(name));
  const parts = members ? memberPointers(members) : [];
  return [...whole.map(wholeClaim), ...parts.map(partOfClaim)];
}

/** Two members of an answer are read from claims that each issuer may name otherwise. */
function wholeClaim(name: string): GrantedClaim {
  if (name === 'scope') return { name, isIn: (claims, { names }) => scopeTextIn(claims, names) !== undefined };
  if (name === 'username') {
    return { name, isIn: (claims, { username }) => textIn(username?.read(claims)) !== undefined };
  }
  return { name, isIn: (claims) => Object.hasOwn(claims, name) };
}

function partOfClaim(pointer: string): GrantedClaim {
  const read = claimReader(pointer);
  return { name: pointer, isIn: (claims) => read(claims) !== undefined };
}
