import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../shared/json-value.js';
import {
  clientIdIn,
  compileClaimNames,
  scopesIn,
  scopeTextIn,
  standardNames,
  tokenIdentity,
  usualNames,
  whereRead,
  type ClaimNameSettings,
} from './claim-names.js';

const namesWith = (settings: Partial<ClaimNameSettings>) => compileClaimNames({ ...usualNames, ...settings });

describe('the client of a token', () => {
  it('is the first claim that says something', () => {
    expect(clientIdIn({ client_id: 'a', azp: 'b' }, standardNames)).toBe('a');
    expect(clientIdIn({ client_id: '', azp: 'b' }, standardNames)).toBe('b');
    expect(clientIdIn({ cid: 'c', appid: 'd' }, standardNames)).toBeUndefined();
    const names = namesWith({ clientIdClaims: ['cid', '/app/id'] });
    expect(clientIdIn({ cid: 'c', client_id: 'a' }, names)).toBe('c');
    expect(clientIdIn({ app: { id: 'd' }, client_id: 'a' }, names)).toBe('d');
    expect(clientIdIn({ client_id: 'a', azp: 'b' }, names)).toBeUndefined();
  });

  it('is never nobody', () => {
    expect(() => namesWith({ clientIdClaims: [] })).toThrow(RangeError);
  });
});

describe('the scopes of a token', () => {
  const scopes = (settings: Partial<ClaimNameSettings>, claims: JsonObject) => scopesIn(claims, namesWith(settings));

  it('are scope, or else scp, where a registration says nothing', () => {
    expect(scopes({}, { scope: 'a b', scp: 'c', roles: ['d'] })).toEqual(['a', 'b']);
    expect(scopes({}, { scp: ['c'] })).toEqual(['c']);
    expect(scopes({}, { roles: ['d'] })).toBeUndefined();
    expect(scopeTextIn({ scope: 'a b' }, standardNames)).toBe('a b');
  });

  it('are those of all claims that a registration names, each once', () => {
    const settings = { scopeClaims: ['scp', 'roles', ['realm_access', 'roles']] };
    const claims = { scope: 'x', scp: 'a b', roles: ['b', 'c'], realm_access: { roles: ['d'] } };
    expect(scopes(settings, claims)).toEqual(['a', 'b', 'c', 'd']);
    expect(scopeTextIn(claims, namesWith(settings))).toBe('a b c d');
    expect(scopes(settings, { scope: 'x' })).toBeUndefined();
    expect(scopes(settings, { roles: [] })).toEqual([]);
    expect(scopes(settings, { scp: ' a  b\u00e9 c a ', roles: ['c'] })).toEqual(['a', 'c']);
  });

  it('are the names of the members of an object that grants something', () => {
    const settings = { scopeClaims: ['urn:zitadel:iam:org:project:roles'] };
    const roles = { admin: { '1': 'org.example' }, none: null, no: false, empty: {} };
    expect(scopes(settings, { 'urn:zitadel:iam:org:project:roles': roles })).toEqual(['admin', 'empty']);
    expect(scopes(settings, { 'urn:zitadel:iam:org:project:roles': {} })).toEqual([]);
  });

  it.each<[string, JsonObject]>([
    ['a name with a space would be two', { roles: ['order admin', 'ok'] }],
    ['a name with a quote would end the challenge', { roles: { 'a"b': 1, ok: 1 } }],
    ['what is no text is none', { roles: [7, null, ['admin'], { admin: 1 }, 'ok'] }],
  ])('leave out what cannot be a scope: %s', (_why, claims) => {
    expect(scopes({ scopeClaims: ['roles'] }, claims)).toEqual(['ok']);
  });

  it.each([7, true, null])('are not in a claim such as %j', (roles) => {
    expect(scopes({ scopeClaims: ['roles'] }, { roles })).toBeUndefined();
  });

  it('are each said once, however many there are', () => {
    const many = Array.from({ length: 100 }, (_, i) => `orders:${i}`);
    expect(scopes({ scopeClaims: ['scp', 'roles'] }, { scp: many.join(' '), roles: many })).toEqual(many);
  });

  it('that are separated by commas are one, because RFC 6749 §3.3 has the comma among the characters of a scope', () => {
    expect(scopes({}, { scope: 'read,write' })).toEqual(['read,write']);
    expect(scopes({ scopeClaims: ['scope'] }, { scope: 'read,write' })).toEqual(['read,write']);
  });
});

describe('what a token is known by', () => {
  const entra = { tokenIdClaim: 'uti', sessionClaim: '/xms/sid', subjectClaim: 'oid', clientIdClaims: ['appid'] };

  it('is what its issuer calls so', () => {
    const claims = { jti: 'j', sid: 's', sub: 'u', azp: 'c', uti: 'J', xms: { sid: 'S' }, oid: 'U', appid: 'C' };
    expect(tokenIdentity(claims, standardNames)).toEqual({ tokenId: 'j', session: 's', subject: 'u', clientId: 'c' });
    expect(tokenIdentity(claims, namesWith(entra))).toEqual({
      tokenId: 'J',
      session: 'S',
      subject: 'U',
      clientId: 'C',
    });
  });

  it.each([{}, { jti: '', sid: '', sub: '' }, { jti: 7, sid: null, sub: ['u'] }])(
    'is nothing where the token does not say it: %j',
    (claims) => {
      expect(Object.values(tokenIdentity(claims as JsonObject, standardNames))).toEqual(
        Array.from({ length: 4 }, () => undefined),
      );
    },
  );
});

describe('where it was read', () => {
  it('names the claims that the token has', () => {
    expect(whereRead({ azp: 'c', scp: 'a', jti: 'j', sub: 'u' }, standardNames)).toEqual({
      clientId: ['azp'],
      scope: ['scp'],
      tokenId: ['jti'],
      subject: ['sub'],
    });
    const names = namesWith({ scopeClaims: ['scp', '/realm_access/roles', 'absent'], clientIdClaims: ['cid'] });
    expect(whereRead({ azp: 'c', scp: 'a', realm_access: { roles: ['r'] } }, names)).toEqual({
      scope: ['scp', '/realm_access/roles'],
    });
  });
});
