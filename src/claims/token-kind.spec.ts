import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../shared/json-value.js';
import type { Rejection } from '../tokens/rejection.js';
import type { VerifiedJwt } from '../tokens/verified-jwt.js';
import { refuseOtherKinds } from './token-kind.js';

function rejection(claims: JsonObject, allowIdTokens = false, typ?: string): Rejection | undefined {
  const { check } = refuseOtherKinds({ allowIdTokens });
  const header = { alg: 'RS256', ...(typ === undefined ? {} : { typ }) };
  return check({ header, claims } as VerifiedJwt, 0);
}

function verdict(claims: JsonObject, allowIdTokens = false, typ?: string): string {
  return rejection(claims, allowIdTokens, typ)?.code ?? 'accepted';
}

describe('refuseOtherKinds', () => {
  it.each<JsonObject>([{}, { typ: 'Bearer' }, { typ: 'DPoP' }, { typ: 'at+jwt' }, { typ: 7 }, { sub: 'nonce' }])(
    'accepts %j',
    (claims) => {
      expect(verdict(claims)).toBe('accepted');
    },
  );

  it.each<JsonObject>([
    { events: { 'http://schemas.openid.net/event/backchannel-logout': {} } },
    { token_introspection: { active: true } },
    { status_list: {} },
    { typ: 'Refresh' },
    { typ: 'Offline' },
    { typ: 'Logout' },
  ])('refuses %j, also where ID tokens are accepted: it never grants access', (claims) => {
    expect([verdict(claims), verdict(claims, true)]).toEqual(['token_kind', 'token_kind']);
  });

  it.each<JsonObject>([{ nonce: 'n' }, { at_hash: 'h' }, { c_hash: 'h' }, { typ: 'ID' }, { nonce: null }])(
    'D-10 refuses %j as an ID token, unless the issuer uses them for access',
    (claims) => {
      expect([verdict(claims), verdict(claims, true)]).toEqual(['token_kind', 'accepted']);
    },
  );

  const evidence = { nonce: 'n', at_hash: 'h', c_hash: 'h' };

  it.each<[JsonObject, string?]>([
    [{ typ: 'Bearer' }],
    [{ typ: 'DPoP' }],
    [{ token_use: 'access' }],
    [{}, 'at+jwt'],
    [{ typ: 'Bearer', token_use: 'access' }, 'at+jwt'],
  ])('D-10 takes %j, typ %j for an access token by its own word, whatever else it carries', (words, typ) => {
    expect(verdict({ ...words, ...evidence }, false, typ)).toBe('accepted');
  });

  it.each<[JsonObject, string?]>([
    [{ typ: 'ID' }],
    [{ token_use: 'id' }],
    [{ token_use: 'ID' }, 'jwt'],
    [{}, 'id+jwt'],
  ])('D-10 takes %j, typ %j for an ID token by its own word, without any evidence', (words, typ) => {
    expect([verdict(words, false, typ), verdict(words, true, typ)]).toEqual(['token_kind', 'accepted']);
  });

  it.each<[JsonObject, string?]>([
    [{ typ: 'ID' }, 'at+jwt'],
    [{ token_use: 'id' }, 'at+jwt'],
    [{ typ: 'Bearer', token_use: 'id' }],
    [{ typ: 'ID', token_use: 'access' }],
    [{ typ: 'Refresh' }, 'at+jwt'],
    [{ token_use: 'access' }, 'id+jwt'],
  ])('D-10 refuses %j, typ %j, whose words contradict each other, also where ID tokens are accepted', (words, typ) => {
    expect([verdict(words, false, typ), verdict(words, true, typ)]).toEqual(['token_kind', 'token_kind']);
  });

  it.each<JsonObject>([{ typ: 'JWT' }, { token_use: 7 }, { typ: null }, { token_use: 'something' }])(
    'D-10 finds no word in %j, and judges by the evidence',
    (claims) => {
      expect([verdict(claims), verdict({ ...claims, nonce: 'n' })]).toEqual(['accepted', 'token_kind']);
    },
  );

  it('D-10 names the setting that would accept the token', () => {
    for (const claims of [{ nonce: 'n' }, { token_use: 'id' }])
      expect(rejection(claims)?.detail).toContain('allowIdTokens');
  });
});
