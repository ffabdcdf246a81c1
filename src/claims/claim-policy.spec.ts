import { describe, expect, it } from 'vitest';
import { someTerms } from '../../test/builders/claim-terms.js';
import type { JsonObject } from '../shared/json-value.js';
import type { UnverifiedJwt } from '../tokens/unverified-jwt.js';
import type { VerifiedJwt } from '../tokens/verified-jwt.js';
import { namesAnyOf } from './audience.js';
import { termsForCaller, type ClaimTerms } from './claim-checks.js';
import { compileClaimNames, usualNames } from './claim-names.js';
import { compileClaimPolicy } from './claim-policy.js';
import { scopesOf, scopeText } from './scope.js';

const NOW = 1_795_262_400;

const terms = someTerms({ maxLifetimeSeconds: 3600, audiences: new Set(['api']) });

const claims: JsonObject = {
  iss: 'https://login.corp.example',
  sub: 'alice',
  aud: ['api'],
  client_id: 'shop',
  jti: 'token-1',
  iat: NOW - 60,
  exp: NOW + 60,
};

function jwt(changes: JsonObject = {}, typ?: string): VerifiedJwt {
  const header = { alg: 'ES256', ...(typ === undefined ? {} : { typ }) };
  return { header, claims: { ...claims, ...changes }, keyThumbprint: 'x' } as unknown as VerifiedJwt;
}

function verdict(differences: Partial<ClaimTerms>, token: VerifiedJwt, now = NOW): string {
  return compileClaimPolicy({ ...terms, ...differences }).refuse(token, now)?.code ?? 'accepted';
}

describe('a claim policy', () => {
  it('accepts a token within its terms', () => {
    expect(verdict({}, jwt())).toBe('accepted');
  });

  it.each([
    ['exp', { exp: 'soon' }],
    ['aud', { aud: { api: true } }],
    ['sub', { sub: 7 }],
    ['cnf', { cnf: 'key' }],
  ] as const)('checks the type of %s before what any claim means', (claim, change) => {
    const refusal = compileClaimPolicy({ ...terms, requiredClaims: ['absent'] }).refuse(
      jwt({ iat: NOW + 9999, ...change }),
      NOW,
    );
    expect(refusal).toMatchObject({ code: 'claim_malformed', detail: claim });
  });

  it.each([
    ['exp', jwt(), 60 + 30, 'expired'],
    ['nbf', jwt({ nbf: NOW }), -60, 'not_yet_valid'],
    ['iat', jwt({ iat: NOW }), -60, 'issued_in_future'],
    ['the age of a token without exp', jwt({ exp: undefined }), 3_600, 'expired'],
    ['the life that is left of a token without iat', jwt({ iat: undefined }), -3_600, 'lifetime_exceeded'],
  ] as const)('asks a token that has passed again for %s', (_, token, laterSeconds, code) => {
    const policy = compileClaimPolicy({ ...terms, clockToleranceSeconds: 30, requireExpiry: false });
    expect([policy.refuse(token, NOW), policy.refuseAgain?.(token, NOW)]).toEqual([undefined, undefined]);
    expect(policy.refuse(token, NOW + laterSeconds)?.code).toBe(code);
    expect(policy.refuseAgain?.(token, NOW + laterSeconds)?.code).toBe(code);
  });

  it('does not ask a token that has passed again for what stays as it is', () => {
    const policy = compileClaimPolicy({ ...terms, requiredClaims: ['email'] });
    const other = jwt({ aud: ['other'] });
    expect([policy.refuse(other, NOW)?.code, policy.refuseAgain?.(other, NOW)]).toEqual([
      'audience_mismatch',
      undefined,
    ]);
  });

  it('takes a whole and a broken tolerance, and nothing outside of 0 to 300 seconds', () => {
    for (const clockToleranceSeconds of [0, 0.5, 300])
      expect(() => compileClaimPolicy({ ...terms, clockToleranceSeconds })).not.toThrow();
    for (const clockToleranceSeconds of [-1, 301, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => compileClaimPolicy({ ...terms, clockToleranceSeconds })).toThrow(RangeError);
    }
  });

  it.each([0, -1, Number.NaN])('does not compile with a maximal lifetime of %s', (maxLifetimeSeconds) => {
    expect(() => compileClaimPolicy({ ...terms, maxLifetimeSeconds })).toThrow(RangeError);
  });

  it.each([undefined, null, ''])('R7519 does not take %j for a required claim', (tenant) => {
    expect(verdict({ requiredClaims: ['tenant'] }, jwt({ tenant }))).toBe('claim_missing');
  });

  it.each([0, false, [], 'acme'])('takes %j for a required claim', (tenant) => {
    expect(verdict({ requiredClaims: ['tenant'] }, jwt({ tenant }))).toBe('accepted');
  });
});

describe('the terms of an issuer', () => {
  it('are all read by a check: none is there for show', () => {
    const unread = new Set(Object.keys(terms));
    const watched = new Proxy(terms, {
      get(target, name) {
        unread.delete(String(name));
        return Reflect.get(target, name) as unknown;
      },
    });
    compileClaimPolicy(watched);
    expect([...unread]).toEqual([]);
  });

  it('hold for a token of a caller where they are about how the issuer makes tokens, and not where about their use', () => {
    const differences = {
      clockToleranceSeconds: 7,
      maxLifetimeSeconds: 70,
      requireExpiry: false,
      allowIdTokens: true,
      strictAccessTokenProfile: true,
    };
    const names = compileClaimNames({ ...usualNames, clientIdClaims: ['cid'] });
    const own = { names, requiredClaims: ['tenant'], rules: [{ claim: 'tenant', equals: 'acme' }] };
    expect(termsForCaller(someTerms({ ...differences, ...own, audiences: 'any' }), 'assay')).toEqual({
      ...differences,
      names,
      audiences: new Set(['assay']),
      requiredClaims: [],
      rules: [],
    });
  });
});

describe('a token without exp', () => {
  const ageless = { exp: undefined } as JsonObject;

  it('RK8S-04 is refused by default, as the legacy secret tokens of Kubernetes are', () => {
    expect(verdict({}, jwt(ageless))).toBe('claim_missing');
  });

  it('D-08 is accepted by its age, where its issuer says so', () => {
    const differences = { requireExpiry: false };
    expect(verdict(differences, jwt(ageless))).toBe('accepted');
    expect(verdict(differences, jwt(ageless), NOW - 60 + 3629)).toBe('accepted');
    expect(verdict(differences, jwt(ageless), NOW - 60 + 3630)).toBe('expired');
  });

  it('D-08 must then say when it was issued', () => {
    expect(verdict({ requireExpiry: false }, jwt({ ...ageless, iat: undefined }))).toBe('claim_missing');
  });

  it('D-08 does not help one with an exp that has passed', () => {
    expect(verdict({ requireExpiry: false }, jwt({ exp: NOW - 30 }))).toBe('expired');
  });
});

describe('the profile of RFC 9068', () => {
  const strict = { strictAccessTokenProfile: true };

  it('R9068-01 takes at+jwt and no other type', () => {
    expect(verdict(strict, jwt({}, 'at+jwt'))).toBe('accepted');
    expect(verdict(strict, jwt({}, 'jwt'))).toBe('token_type_not_allowed');
    expect(verdict(strict, jwt())).toBe('token_type_not_allowed');
  });

  it.each(['iss', 'aud', 'sub', 'client_id', 'iat', 'jti'])('R9068-03 demands %s', (claim) => {
    const policy = compileClaimPolicy({ ...terms, ...strict, audiences: 'any' });
    expect(policy.refuse(jwt({ [claim]: undefined }, 'at+jwt'), NOW)).toMatchObject({
      code: 'claim_missing',
      detail: claim,
    });
  });

  it('R9068-03 demands exp even where tokens without are accepted', () => {
    expect(verdict({ ...strict, requireExpiry: false }, jwt({ exp: undefined }, 'at+jwt'))).toBe('claim_missing');
  });
});

describe('ID tokens', () => {
  it.each([{ nonce: 'n' }, { at_hash: 'h' }, { c_hash: 'h' }, { typ: 'ID' }])(
    'D-10 %j is accepted only where the issuer says so',
    (marker) => {
      expect(verdict({}, jwt(marker))).toBe('token_kind');
      expect(verdict({ allowIdTokens: true }, jwt(marker))).toBe('accepted');
    },
  );

  it.each([{ typ: 'Refresh' }, { typ: 'Offline' }, { events: {} }, { token_introspection: {} }])(
    'D-10 does not let %j in',
    (marker) => {
      expect(verdict({ allowIdTokens: true }, jwt({ nonce: 'n', ...marker }))).toBe('token_kind');
    },
  );
});

describe('a token that nobody has verified', () => {
  const policy = compileClaimPolicy({
    ...terms,
    requiredClaims: ['tenant'],
    rules: [{ claim: 'tenant', equals: 'acme' }],
    strictAccessTokenProfile: true,
  });

  it.each<[expected: string | undefined, changes: JsonObject, typ?: string]>([
    [undefined, {}],
    ['claim_malformed', { exp: 'later' }],
    ['expired', { exp: NOW - 30 }],
    ['not_yet_valid', { nbf: NOW + 31 }],
    ['issued_in_future', { iat: NOW + 31 }],
    ['lifetime_exceeded', { exp: NOW + 7200 }],
    ['audience_mismatch', { aud: 'other' }],
    ['token_type_not_allowed', {}, 'jwt'],
    ['token_kind', { events: {} }],
    ['confirmation_invalid', { cnf: { jkt: 'short' } }],
    ['claim_missing', { tenant: null }],
    ['rule_failed', { tenant: 'globex' }],
  ])('is refused as %s for what the same token would be once it is verified', (expected, changes, typ = 'at+jwt') => {
    const verified = jwt({ tenant: 'acme', ...changes }, typ);
    const unverified: UnverifiedJwt = {
      compact: '',
      header: verified.header,
      unverifiedIssuer: 'https://login.corp.example',
      unverifiedClaims: verified.claims,
    };
    expect(policy.refuseUnverified(unverified, NOW)?.code).toBe(expected);
    expect(policy.refuse(verified, NOW)?.code).toBe(expected);
  });
});

describe('namesAnyOf, scopesOf and scopeText', () => {
  it('list what the claims say', () => {
    const ours = new Set(['a', 'b']);
    for (const aud of ['a', ['x', 'b'], ['a', 1]]) expect(namesAnyOf({ aud }, ours)).toBe(true);
    for (const aud of ['x', 'a b', [], ['x'], [['a']], 1, null]) expect(namesAnyOf({ aud }, ours)).toBe(false);
    expect(namesAnyOf({}, ours)).toBe(false);
    expect(scopesOf({ scope: ' a  b ' })).toEqual(['a', 'b']);
    expect(scopesOf({ scp: ['a', 'b'] })).toEqual(['a', 'b']);
    expect(scopesOf({ scope: 'a', scp: 'b' })).toEqual(['a']);
    expect(scopesOf({ scope: '' })).toEqual([]);
    expect(scopesOf({})).toBeUndefined();
  });

  it.each(['a', 'a b', ' a', 'a ', 'a  b', ' ', '', 'a   b  c d'])('write the scope %j with single spaces', (scope) => {
    expect(scopeText({ scope })).toBe(scopesOf({ scope })?.join(' '));
    expect(scopeText({ scp: scope })).toBe(scopesOf({ scope })?.join(' '));
  });
});
