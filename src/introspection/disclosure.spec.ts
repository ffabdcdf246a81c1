import { describe, expect, it } from 'vitest';
import type { Grant } from '../callers/caller.js';
import { parseStrictJson } from '../shared/strict-json.js';
import type { JsonObject } from '../shared/json-value.js';
import { grantedMembers, grantOfClaims } from '../callers/registration/granted-members.js';
import type { ClaimName } from '../claims/claim-name.js';
import { furtherClaims, furtherParts, mayDisclose } from './disclosure.js';

function further(payload: string, grant: Grant): Record<string, unknown> {
  return Object.fromEntries(furtherClaims(parseStrictJson(Buffer.from(payload)) as JsonObject, grant));
}

describe('mayDisclose', () => {
  it.each(['active', 'iss', 'aud', 'exp', 'iat', 'client_id', 'token_type'])('%s: to every caller', (name) => {
    expect(mayDisclose(new Set(), name)).toBe(true);
  });

  it('R8705-09 cnf: to every caller, because without it a bound token would be a bearer token', () => {
    expect(mayDisclose(new Set(), 'cnf')).toBe(true);
  });

  it.each(['sub', 'nbf', 'jti', 'scope', 'username', 'email', '__proto__'])('%s: where it is granted', (name) => {
    expect(mayDisclose(new Set(), name)).toBe(false);
    expect(mayDisclose(new Set([name]), name)).toBe(true);
    expect(mayDisclose('any', name)).toBe(true);
  });
});

describe('furtherClaims', () => {
  it('R7662-26 are those that the grant names, and that the token has', () => {
    expect(further('{"email":"a@b.example","tenant":"t"}', new Set(['tenant', 'roles']))).toEqual({ tenant: 't' });
  });

  it('are all of them for any', () => {
    expect(further('{"email":"a@b.example","tenant":"t"}', 'any')).toEqual({ email: 'a@b.example', tenant: 't' });
  });

  it('are none for a caller without a grant', () => {
    expect(further('{"email":"a@b.example"}', new Set())).toEqual({});
  });

  it.each(['active', 'token_type', 'scope', 'username', 'sub'])(
    'R7662-27 a claim called %s is not copied: the answer has that name for itself',
    (name) => {
      expect(further(`{"${name}":"forged"}`, 'any')).toEqual({});
      expect(further(`{"${name}":"forged"}`, new Set([name]))).toEqual({});
    },
  );

  it.each(['__proto__', 'constructor', 'prototype', 'token_introspection'])('E-13 %s is never copied', (name) => {
    expect([...furtherClaims(parseStrictJson(Buffer.from(`{"${name}":{"a":1}}`)) as JsonObject, 'any')]).toEqual([]);
  });

  it('are no members that every object has', () => {
    expect(further('{}', new Set(['toString', 'hasOwnProperty']))).toEqual({});
  });
});

describe('furtherParts', () => {
  const payload = `{
    "realm_access": { "roles": ["admin"], "secret": 1 },
    "resource_access": { "shop": { "roles": ["buyer"], "x": 1 }, "bank": { "roles": ["teller"] } },
    "groups": ["a", "b"], "note": "text", "sub": "alice", "scope": "a", "token_introspection": { "active": true }
  }`;

  function parts(names: readonly ClaimName[], token = payload): Record<string, unknown> {
    const members = grantedMembers(names)!;
    const claims = grantOfClaims(names);
    return Object.fromEntries(furtherParts(parseStrictJson(Buffer.from(token)) as JsonObject, { claims, members }));
  }

  it('are the granted members within the objects that lead to them, and nothing beside', () => {
    expect(parts(['/realm_access/roles'])).toEqual({ realm_access: { roles: ['admin'] } });
    expect(parts([['resource_access', 'shop', 'roles'], '/resource_access/bank/roles'])).toEqual({
      resource_access: { shop: { roles: ['buyer'] }, bank: { roles: ['teller'] } },
    });
  });

  it('are none where nothing of it is there, not even an empty object', () => {
    expect(parts(['/realm_access/groups', '/resource_access/other/roles', '/absent/x'])).toEqual({});
  });

  it('do not lead through arrays or texts', () => {
    expect(parts(['/groups/0', '/groups/length', '/note/length', '/note/0'])).toEqual({});
  });

  it('do not narrow a claim that is granted as a whole', () => {
    expect(parts(['realm_access', '/realm_access/roles'])).toEqual({});
  });

  it('are nothing that the answer owns, and nothing that objects inherit', () => {
    expect(parts(['/sub/length', '/scope/0', '/token_introspection/active', '/realm_access/toString'])).toEqual({});
  });
});
