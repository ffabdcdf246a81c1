import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../shared/json-value.js';
import type { VerifiedJwt } from '../tokens/verified-jwt.js';
import { refuseOtherKinds } from './token-kind.js';

function verdict(claims: JsonObject, allowIdTokens = false): string {
  const { check } = refuseOtherKinds({ allowIdTokens });
  return check({ claims } as VerifiedJwt, 0)?.code ?? 'accepted';
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
});
