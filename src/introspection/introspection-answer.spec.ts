import { namedClaim } from '../claims/claim-names.js';
import { describe, expect, it } from 'vitest';
import { anIssuer } from '../../test/builders/an-issuer.js';
import type { Caller, Grant } from '../callers/caller.js';
import type { Issuer } from '../issuers/issuer.js';
import type { JsonObject } from '../shared/json-value.js';
import { parseStrictJson, stringifyJson } from '../shared/strict-json.js';
import type { VerifiedJwt } from '../tokens/verified-jwt.js';
import { introspectionAnswer } from './introspection-answer.js';

/** The answer as text for a payload as text, so that nothing is lost on the way in or out. */
function answer(
  payload: string,
  { claims = 'any', issuer = {}, ...more }: { claims?: Grant; issuer?: Partial<Issuer> } & Partial<Caller> = {},
): string {
  const jwt = { claims: parseStrictJson(Buffer.from(payload)) as JsonObject } as VerifiedJwt;
  const caller = { id: 'orders', issuers: 'any', audiences: 'any', claims, ...more } as const;
  return stringifyJson(introspectionAnswer({ active: true, issuer: anIssuer(issuer), jwt, caller }));
}

const base = '"iss":"https://login.corp.example","aud":"a","exp":1700000000';

function members(payload: string, options = {}): Record<string, unknown> {
  return JSON.parse(answer(`{${base}${payload && `,${payload}`}}`, options)) as Record<string, unknown>;
}

describe('introspectionAnswer', () => {
  it('R7662-21 is an object that starts with a boolean active', () => {
    expect(answer(`{${base}}`)).toBe(
      '{"active":true,"iss":"https://login.corp.example","aud":"a","exp":1700000000,"token_type":"Bearer"}',
    );
  });

  it.each([
    ['"exp":1700000000.9', 'exp', 1700000000],
    ['"iat":1700000000.9', 'iat', 1700000000],
    ['"nbf":1700000000.1', 'nbf', 1700000001],
    ['"iat":1e9', 'iat', 1000000000],
    ['"nbf":1E9', 'nbf', 1000000000],
  ])('R7662-22 %s: %s is the integer %d', (claim, name, integer) => {
    const text = answer(`{"iss":"i","aud":"a",${claim}}`);
    expect(text).toMatch(new RegExp(`"${name}":${integer}[,}]`));
  });

  it.each([
    ['"scope":"a b"', 'a b'],
    ['"scope":["a","b"]', 'a b'],
    ['"scp":["a","b"]', 'a b'],
    ['"scp":"a b"', 'a b'],
    ['"scope":"a  b "', 'a b'],
    ['"scope":"a","scp":["b"]', 'a'],
  ])('R7662-23 %s: scope is the string "%s"', (claim, scope) => {
    expect(members(claim)['scope']).toBe(scope);
  });

  it.each(['"scope":""', '"scope":[]', '"sub":"x"'])('R7662-23 %s: no scope, rather than an empty one', (claim) => {
    expect(members(claim)).not.toHaveProperty('scope');
  });

  it.each([
    ['"client_id":"shop","azp":"till"', 'shop'],
    ['"azp":"till"', 'till'],
    ['"client_id":"","azp":"till"', 'till'],
    ['"sub":"x"', 'configured'],
  ])('R7662-24 %s: client_id is %s', (claim, clientId) => {
    expect(members(claim, { issuer: { defaultClientId: 'configured' } })['client_id']).toBe(clientId);
  });

  it('R7662-24 R9449-01 token_type is DPoP for a token that is bound to such a key, and Bearer for all others', () => {
    expect(members('"cnf":{"jkt":"k"}')).toMatchObject({ token_type: 'DPoP', cnf: { jkt: 'k' } });
    expect(members('"cnf":{"x5t#S256":"k"}')).toMatchObject({ token_type: 'Bearer', cnf: { 'x5t#S256': 'k' } });
    expect(members('')).toMatchObject({ token_type: 'Bearer' });
  });

  it('R7662-24 username comes from the configured claim, or not at all', () => {
    const claims = '"username":"admin","preferred_username":"alice"';
    expect(members(claims)).not.toHaveProperty('username');
    expect(members(claims, { issuer: { username: namedClaim('preferred_username') } })['username']).toBe('alice');
    expect(members('"n":7', { issuer: { username: namedClaim('n') } })).not.toHaveProperty('username');
  });

  it.each(['"a"', '["a"]', '["a","b"]'])('R7662-25 aud %s stays as it is', (aud) => {
    expect(answer(`{"iss":"i","aud":${aud}}`)).toContain(`"aud":${aud}`);
  });

  it('R7662-26 a caller sees what it may see, and what everybody sees', () => {
    const payload =
      '"iat":1,"nbf":2,"jti":"j","sub":"s","scope":"a","client_id":"c","cnf":{"jkt":"k"},"tenant":"t","x":1';
    const always = ['active', 'aud', 'client_id', 'cnf', 'exp', 'iat', 'iss', 'token_type'];
    expect(Object.keys(members(payload, { claims: new Set() })).sort()).toEqual(always);
    const seen = Object.keys(members(payload, { claims: new Set(['sub', 'tenant', 'absent']) }));
    expect(seen.sort()).toEqual([...always, 'sub', 'tenant'].sort());
    expect(Object.keys(members(payload))).toEqual(
      expect.arrayContaining(['jti', 'nbf', 'scope', 'sub', 'tenant', 'x']),
    );
  });

  it('MIN-01 a caller with minimal answers gets what it needs to use the token, whatever its claims are', () => {
    const caller = { answer: 'minimal', readsIssuerId: true } as const;
    expect(members('"sub":"s","jti":"j","scope":"a"', caller)).toEqual({
      active: true,
      exp: expect.any(Number) as number,
      token_type: 'Bearer',
    });
    expect(members('"sub":"s","cnf":{"jkt":"k"}', caller)).toMatchObject({ token_type: 'DPoP', cnf: { jkt: 'k' } });
  });

  it('R7662-27 E-13 the names that the answer owns are not for the token to set', () => {
    const hostile = '"active":false,"token_type":"id_token","username":"admin","scope":"b"';
    expect(members(hostile)).toMatchObject({ active: true, token_type: 'Bearer', scope: 'b' });
    expect(members(hostile)).not.toHaveProperty('username');
    expect(answer(`{${base},${hostile}}`).match(/"active"/g)).toHaveLength(1);
  });

  it.each(['__proto__', 'constructor', 'prototype', 'token_introspection'])(
    'E-13 a claim named %s reaches nobody, granted or not',
    (name) => {
      const payload = `{${base},"${name}":{"active":false,"isAdmin":true}}`;
      for (const claims of ['any', new Set([name])] as const)
        expect(answer(payload, { claims })).not.toContain('isAdmin');
      expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
    },
  );

  it('E-13 what every object inherits is no claim, granted or not', () => {
    expect(members('', { claims: new Set(['toString', 'hasOwnProperty']) })).toEqual(
      members('', { claims: new Set() }),
    );
  });

  it('E-14 whatever a claim contains is escaped', () => {
    const evil = '</script>\r\n\x1b[31m\u202e"\\';
    const text = answer(`{${base},"sub":${JSON.stringify(evil)}}`);
    expect(text).not.toMatch(/[\x00-\x1f]/);
    expect((JSON.parse(text) as { sub: string }).sub).toBe(evil);
  });

  it('E-17 R8705-07 cnf is never dropped, whatever a caller may see', () => {
    expect(members('"cnf":{"x5t#S256":"k"}', { claims: new Set() })).toMatchObject({ cnf: { 'x5t#S256': 'k' } });
  });

  it('E-18 100 000 scopes are one string', () => {
    const many = Array.from({ length: 100_000 }, (_, i) => `s${i}`);
    expect(members(`"scope":${JSON.stringify(many)}`)['scope']).toBe(many.join(' '));
  });

  it('R7662-31 an integer leaves with the digits it came with, at any depth', () => {
    const text = answer(`{${base},"id":12345678901234567890,"deep":{"ids":[9007199254740993]}}`);
    expect(text).toContain('"id":12345678901234567890');
    expect(text).toContain('"ids":[9007199254740993]');
  });
});
