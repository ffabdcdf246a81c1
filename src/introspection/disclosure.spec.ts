import { describe, expect, it } from 'vitest';
import type { Grant } from '../callers/caller.js';
import { parseStrictJson } from '../shared/strict-json.js';
import type { JsonObject } from '../shared/json-value.js';
import { furtherClaims, mayDisclose } from './disclosure.js';

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
