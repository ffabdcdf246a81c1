import { describe, expect, it } from 'vitest';
import { anIssuer } from '../../test/builders/an-issuer.js';
import type { Caller, Grant } from '../callers/caller.js';
import type { JsonObject } from '../shared/json-value.js';
import type { VerifiedJwt } from '../tokens/verified-jwt.js';
import type { PreparedAnswers } from '../verification/prepared-answer.js';
import { identityOf } from './identity.js';
import { identityHeaderNames } from './identity-headers.js';

const NOW = 1_795_262_400;

function headersOf(claims: JsonObject, grant: Grant = 'any', more: Partial<Caller> = {}) {
  const jwt = { claims: { iss: 'https://login.corp.example', ...claims } } as unknown as VerifiedJwt;
  const caller = { id: 'edge', issuers: 'any', audiences: 'any', claims: grant } as const;
  const active = { active: true, issuer: anIssuer(), jwt, caller: { ...caller, ...more } } as const;
  return identityOf(active, { nowMs: NOW * 1_000 + 900, maxAgeMs: 60_000 }).headers;
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

  it.each([
    [NOW + 30, NOW + 30],
    [NOW + 30.9, NOW + 30],
    [NOW + 3_600, NOW + 60],
    [undefined, NOW + 60],
    [NOW - 5, NOW - 5],
  ])('OUT-01 with exp %s the request may be remembered until %s', (exp, expires) => {
    const claims = exp === undefined ? {} : { exp };
    expect(headersOf(claims)['x-auth-expires']).toBe(String(expires));
  });

  it.each<[JsonObject, Partial<Caller>, string]>([
    [{ aud: 'https://a.example' }, {}, 'https://a.example'],
    [{ aud: ['https://a.example', 'b c'] }, {}, 'https://a.example b%20c'],
    [
      { aud: ['https://a.example', 'https://b.example'] },
      { audiences: new Set(['https://b.example']) },
      'https://b.example',
    ],
    [{}, {}, ''],
  ])("KIT-02 name of the audiences %j those that are the caller's", (claims, more, written) => {
    expect(headersOf(claims, 'any', more)['x-auth-audience']).toBe(written);
  });

  it('MIN-01 of a caller with minimal answers say until when, and not whose', () => {
    const headers = headersOf({ sub: 'alice', aud: 'a', exp: NOW + 30 }, 'any', { answer: 'minimal' });
    expect({ ...headers, 'x-auth-claims': '' }).toEqual({
      ...Object.fromEntries(identityHeaderNames.map((name) => [name, ''])),
      'x-auth-expires': String(NOW + 30),
    });
  });

  it('have the whole answer in the claims', () => {
    const claims = Buffer.from(headersOf({ sub: 'zoë', tenant: 't' })['x-auth-claims'], 'base64url').toString();
    expect(JSON.parse(claims)).toMatchObject({ active: true, sub: 'zoë', tenant: 't' });
  });

  it('are prepared once for a remembered token, but for how long they are good', () => {
    const jwt = { claims: { iss: 'https://login.corp.example', sub: 'alice' } } as unknown as VerifiedJwt;
    const caller = { id: 'edge', issuers: 'any', audiences: 'any', claims: 'any' } as const;
    const kept: unknown[] = [];
    const prepared: PreparedAnswers = {
      answer: (subject, form) => (kept[0] ??= form.write(subject)) as ReturnType<typeof form.write>,
    };
    const active = { active: true, issuer: anIssuer(), jwt, caller, prepared } as const;
    const [now, later] = [NOW, NOW + 5].map((seconds) =>
      identityOf(active, { nowMs: seconds * 1_000, maxAgeMs: 60_000 }),
    );
    expect(now?.headers).toMatchObject({ 'x-auth-subject': 'alice', 'x-auth-expires': `${NOW + 60}` });
    expect(later).toEqual({
      ...now,
      expiresSeconds: NOW + 65,
      headers: { ...now?.headers, 'x-auth-expires': `${NOW + 65}` },
    });
    expect(later?.answer).toBe(now?.answer);
  });
});
