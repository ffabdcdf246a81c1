import { describe, expect, it } from 'vitest';
import { aKey } from '../../test/builders/a-key.js';
import { aToken } from '../../test/builders/a-token.js';
import { parseJwt } from './parse-jwt.js';
import { Rejection } from './rejection.js';
import type { UnverifiedJwt } from './unverified-jwt.js';

const key = aKey('ES256', { kid: 'k1' });
const token = aToken().from('https://login.corp.example').signedBy(key);

function parsed(compact: string): UnverifiedJwt {
  const jwt = parseJwt(compact);
  if (jwt instanceof Rejection) throw new Error(jwt.code);
  return jwt;
}

describe('parseJwt', () => {
  it('takes a token apart without trusting it', () => {
    const compact = token.build();
    const { header, unverifiedIssuer, unverifiedClaims, ...rest } = parsed(compact);
    expect(rest).toEqual({ compact });
    expect(header).toEqual({ alg: 'ES256', kid: 'k1', typ: 'at+jwt' });
    expect(unverifiedIssuer).toBe('https://login.corp.example');
    expect({ ...unverifiedClaims }).toEqual({
      iss: 'https://login.corp.example',
      sub: 'alice',
      jti: 'token-1',
      client_id: 'shop',
    });
  });

  it.each([
    ['at+jwt', 'at+jwt'],
    ['AT+JWT', 'at+jwt'],
    ['application/at+jwt', 'at+jwt'],
    ['APPLICATION/JWT', 'jwt'],
    ['application/x/y', 'application/x/y'],
    ['x/jwt', 'x/jwt'],
  ])('R7515-11 reads typ %s as %s', (typ, read) => {
    expect(parsed(token.header({ typ }).build()).header.typ).toBe(read);
  });

  it('knows no kid and no typ where the header has none', () => {
    const { header } = parsed(token.header({ kid: undefined, typ: undefined }).build());
    expect(header).toEqual({ alg: 'ES256' });
  });

  it('takes a kid of 256 characters', () => {
    expect(parsed(token.header({ kid: 'k'.repeat(256) }).build()).header.kid).toHaveLength(256);
  });

  it('R7662-31 keeps integers that a double would round', () => {
    const id = 2n ** 63n + 1n;
    expect(parsed(token.with({ id }).build()).unverifiedClaims['id']).toBe(id);
  });

  it('C-11 cuts nothing off at a NUL', () => {
    expect(parsed(token.with({ sub: 'ali\0ce' }).build()).unverifiedClaims['sub']).toBe('ali\0ce');
  });

  it('says why without quoting the token', () => {
    for (const bad of ['secret', `${token.build()}secret.`, token.header({ kid: 7 }).with({ sub: 'secret' }).build()]) {
      const rejection = parseJwt(bad);
      expect(rejection).toBeInstanceOf(Rejection);
      expect(JSON.stringify(rejection)).not.toContain('secret');
    }
  });
});
