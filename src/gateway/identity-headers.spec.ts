import { describe, expect, it } from 'vitest';
import { anIssuer } from '../../test/builders/an-issuer.js';
import type { Grant } from '../callers/caller.js';
import type { JsonObject } from '../shared/json-value.js';
import type { VerifiedJwt } from '../tokens/verified-jwt.js';
import { identityHeaderNames, identityHeaders } from './identity-headers.js';

function headersOf(claims: JsonObject, grant: Grant = 'any') {
  const jwt = { claims: { iss: 'https://login.corp.example', ...claims } } as unknown as VerifiedJwt;
  const caller = { id: 'edge', issuers: 'any', audiences: 'any', claims: grant } as const;
  return identityHeaders({ active: true, issuer: anIssuer(), jwt, caller });
}

describe('identityHeaders', () => {
  it('say who the token is about', () => {
    expect(headersOf({ sub: 'alice', client_id: 'shop', scope: 'orders:read orders:write' })).toMatchObject({
      'x-auth-issuer': 'https://login.corp.example',
      'x-auth-subject': 'alice',
      'x-auth-client-id': 'shop',
      'x-auth-scope': 'orders:read orders:write',
    });
  });

  it('K-01 are always all there, so that none of them can come from the client', () => {
    const headers = headersOf({});
    expect(Object.keys(headers)).toEqual([...identityHeaderNames]);
    expect([headers['x-auth-subject'], headers['x-auth-client-id'], headers['x-auth-scope']]).toEqual(['', '', '']);
  });

  it('say no more than the caller may see', () => {
    const headers = headersOf({ sub: 'alice', email: 'alice@corp.example' }, new Set());
    expect(headers['x-auth-subject']).toBe('');
    expect(Buffer.from(headers['x-auth-claims'], 'base64url').toString()).not.toContain('alice');
  });

  it.each([
    ['a b', 'a%20b'],
    ['100%', '100%25'],
    ['%61', '%2561'],
    ['zoë', 'zo%C3%AB'],
    ['💥', '%F0%9F%92%A5'],
    ['a\r\nX-Auth-Subject: root', 'a%0D%0AX-Auth-Subject:%20root'],
    ['\u0000\u007f', '%00%7F'],
    [' ', '%20'],
    ['auth0|5f7c8ec7c33c6c004bbafe82', 'auth0|5f7c8ec7c33c6c004bbafe82'],
  ])('write the subject %j as %s', (sub, written) => {
    const value = headersOf({ sub })['x-auth-subject'];
    expect(value).toBe(written);
    expect(decodeURIComponent(value)).toBe(sub);
  });

  it('have the whole answer in the claims', () => {
    const claims = Buffer.from(headersOf({ sub: 'zoë', tenant: 't' })['x-auth-claims'], 'base64url').toString();
    expect(JSON.parse(claims)).toMatchObject({ active: true, sub: 'zoë', tenant: 't' });
  });
});
