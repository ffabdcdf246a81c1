import fc from 'fast-check';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { anIssuer } from '../../test/builders/an-issuer.js';
import { parseStrictJson, stringifyJson } from '../shared/strict-json.js';
import type { JsonObject } from '../shared/json-value.js';
import type { VerifiedJwt } from '../tokens/verified-jwt.js';
import type { AnswerFor, AnswerForm } from './prepared-answer.js';
import { bytesOf, bytesOfValue, VerifiedTokenCache } from './verified-token-cache.js';

/** Claims as a token brings them: cut out of a text. */
function verified(claims: object, keyThumbprint = 'thumbprint'): { readonly token: string; readonly jwt: VerifiedJwt } {
  const text = Buffer.from(stringifyJson(claims as JsonObject));
  const token = `e30.${text.toString('base64url')}.c2ln`;
  const jwt = { header: { alg: 'ES256' }, claims: parseStrictJson(text) as JsonObject, keyThumbprint };
  return { token, jwt: jwt as unknown as VerifiedJwt };
}

const issuer = anIssuer();
const caller = {};

/** As much as an answer may hold: all claims as text, and the object that it was written from. */
const form: AnswerForm<AnswerFor & { readonly claims: JsonObject }, unknown> = {
  write: ({ claims }) => ({ answer: { ...claims }, text: Buffer.from(stringifyJson(claims)).toString('base64url') }),
  bytesOf: (written) => bytesOfValue(written as JsonObject),
};

const usual = (i: number) =>
  verified({
    iss: 'https://login.corp.example',
    sub: `7f3c9a10-0000-4000-8000-${i.toString().padStart(12, '0')}`,
    aud: ['https://api.corp.example', 'https://orders.corp.example'],
    exp: 1_800_000_000.5,
    iat: 1_799_999_700,
    jti: `token-${i}`,
    client_id: 'shop',
    scope: 'orders:read orders:write profile',
    email: `somebody-${i}@corp.example`,
    realm_access: { roles: ['offline_access', 'default-roles-corp', 'uma_authorization'] },
  });

describe('the verified-token cache', () => {
  it('finds what it was told, by the whole token', () => {
    const cache = new VerifiedTokenCache(1_000_000);
    const { token, jwt } = usual(1);
    cache.remember(token, jwt);
    const found = cache.find(token);
    expect(found).toMatchObject({ compact: token, unverifiedIssuer: 'https://login.corp.example' });
    expect(found?.unverifiedClaims).toBe(jwt.claims);
    expect(cache.find(usual(2).token)).toBeUndefined();
    expect(cache.usage()).toMatchObject({ hits: 1, misses: 1, entries: 1 });
  });

  it('holds neither the token nor its signature', () => {
    const cache = new VerifiedTokenCache(1_000_000);
    const { token, jwt } = usual(1);
    cache.remember(token, jwt);
    const { entries } = cache as unknown as { entries: { dump(): unknown } };
    const held = JSON.stringify(entries.dump());
    expect(held).toContain('somebody-1@corp.example');
    expect(held).not.toContain(token);
    expect(held).not.toContain(token.split('.')[1]);
  });

  it('never holds more than its bound, and forgets what was not used for longest', () => {
    const limitBytes = 10 * bytesOf(usual(1).token, usual(1).jwt);
    const cache = new VerifiedTokenCache(limitBytes);
    for (let i = 0; i < 100; i++) {
      const { token, jwt } = usual(i);
      cache.remember(token, jwt);
      expect(cache.find(usual(0).token)).toBeDefined();
      expect(cache.usage().bytes).toBeLessThanOrEqual(limitBytes);
    }
    expect(cache.usage().entries).toBeGreaterThanOrEqual(9);
    expect(cache.find(usual(50).token)).toBeUndefined();
    expect(cache.find(usual(99).token)).toBeDefined();
  });

  it('counts all that a token says', () => {
    const size = (claims: object) => bytesOf('', verified(claims).jwt);
    const base = size({});
    expect(size({ a: 'x'.repeat(1000) }) - base).toBeGreaterThan(2000);
    expect(size({ a: [1, 2, 3] })).toBeGreaterThan(size({ a: [1, 2] }));
    expect(size({ a: { b: { c: {} } } })).toBeGreaterThan(size({ a: { b: {} } }));
    expect(size({ ['n'.repeat(1000)]: 1 }) - base).toBeGreaterThan(2000);
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 8 }), (claims) => {
        const text = JSON.stringify(claims);
        expect(size(JSON.parse(text) as object) - base).toBeGreaterThanOrEqual((text.length - 2) / 6);
      }),
    );
  });

  it('does not remember what alone would be too large', () => {
    const { token, jwt } = usual(1);
    const cache = new VerifiedTokenCache(bytesOf(token, jwt) - 1);
    cache.remember(token, jwt);
    expect(cache.usage()).toMatchObject({ entries: 0, bytes: 0 });
  });

  it.each([
    ['usual claims', 10_000, usual],
    ['next to nothing', 10_000, (i) => verified({ i })],
    ['empty objects', 60, (i) => verified({ i, a: Array.from({ length: 4_000 }, () => ({})) })],
    ['empty arrays', 60, (i) => verified({ i, a: Array.from({ length: 4_000 }, () => []) })],
    ['small objects', 60, (i) => verified({ i, a: Array.from({ length: 900 }, () => ({ b: 0.5 })) })],
    ['many members', 60, (i) => verified(Object.fromEntries(Array.from({ length: 900 }, (_, n) => [`${i}-${n}`, n])))],
    [
      'shapes of their own',
      600,
      (i) => verified(Object.fromEntries(Array.from({ length: 24 }, (_, n) => [`${i}-${n}`, `v${n}`]))),
    ],
    ['numbers', 60, (i) => verified({ i, a: Array.from({ length: 2_500 }, (_, n) => n + 0.5) })],
    [
      'huge integers',
      60,
      (i) => verified({ i, a: Array.from({ length: 600 }, (_, n) => 10n ** 18n * BigInt(n + 10) + 1n) }),
    ],
    ['long strings', 60, (i) => verified({ i, a: 'x'.repeat(11_000) })],
    ['long escaped strings', 60, (i) => verified({ i, a: '\\'.repeat(5_500) })],
    ['short strings', 60, (i) => verified({ i, a: Array.from({ length: 2_000 }, (_, n) => `s${n}`) })],
    ['letters of two bytes', 60, (i) => verified({ i, a: '\u{1f511}', b: 'x'.repeat(11_000) })],
  ] as const satisfies readonly (readonly [string, number, (i: number) => ReturnType<typeof verified>])[])(
    'estimates the memory of %s from above',
    (_shape, count, make) => {
      setFlagsFromString('--expose-gc');
      const collect = runInNewContext('gc') as () => void;
      const cache = new VerifiedTokenCache(1024 ** 3);
      collect();
      const before = process.memoryUsage().heapUsed;
      for (let i = 0; i < count; i++) {
        const { token, jwt } = make(i);
        cache.remember(token, jwt);
        cache.find(token)?.answer({ issuer, caller, claims: jwt.claims }, form);
      }
      collect();
      const grownBytes = process.memoryUsage().heapUsed - before;
      const { bytes } = cache.usage();
      // What else the test runner does meanwhile.
      expect(grownBytes).toBeLessThan(bytes + 300_000);
    },
  );

  it('counts an answer that is kept, in place of the one before', () => {
    const cache = new VerifiedTokenCache(1_000_000);
    const { token, jwt } = usual(1);
    cache.remember(token, jwt);
    const before = cache.usage().bytes;
    const ask = (bytes: number) =>
      cache.find(token)?.answer({ issuer, caller: {} }, { write: () => 'an answer', bytesOf: () => bytes });
    expect(ask(700)).toBe('an answer');
    expect(cache.usage().bytes).toBe(before + 700);
    ask(90);
    expect(cache.usage()).toMatchObject({ bytes: before + 90, entries: 1 });
  });

  it('can be switched off, on, and given another bound', () => {
    const cache = new VerifiedTokenCache(0);
    const { token, jwt } = usual(1);
    cache.remember(token, jwt);
    expect(cache.find(token)).toBeUndefined();
    cache.limit(1_000_000);
    cache.remember(token, jwt);
    cache.limit(1_000_000);
    expect(cache.find(token)).toBeDefined();
    cache.limit(2_000_000);
    expect(cache.usage()).toMatchObject({ entries: 0, bytes: 0, limitBytes: 2_000_000 });
    cache.limit(0);
    expect(cache.find(token)).toBeUndefined();
  });
});
