import { beforeAll, describe, expect, it } from 'vitest';
import { makeKey, type FakeKey } from '../../../test/fakes/fake-issuer.js';
import type { JsonObject } from '../../shared/json-value.js';
import { importJwk } from '../../tokens/import-jwk.js';
import { algorithmNames, type Algorithm } from '../../tokens/algorithms.js';
import type { JwtHeader } from '../../tokens/unverified-jwt.js';
import type { VerificationKey } from '../../tokens/verification-key.js';
import { MAX_CANDIDATE_KEYS } from '../../tokens/verify-signature.js';
import { KeySet, type AcceptedKey } from './key-set.js';

const all = new Set(algorithmNames);

function header(kid?: string, alg: Algorithm = 'ES256'): JwtHeader {
  return { alg, ...(kid === undefined ? {} : { kid }) };
}

async function accepted({ publicJwk }: FakeKey, kid?: string): Promise<AcceptedKey> {
  const { kty, crv, x, y, n, e } = publicJwk as JsonObject;
  const key = importJwk({ kty, crv, x, y, n, e, kid }, all) as VerificationKey;
  return { key, untilMs: 1_000 };
}

describe('KeySet', () => {
  const keys: FakeKey[] = [];
  let rsa: FakeKey;

  beforeAll(async () => {
    for (let i = 0; i < MAX_CANDIDATE_KEYS + 1; i++) keys.push(await makeKey('ES256', `k${i}`));
    rsa = await makeKey('RS256', 'rsa');
  });

  const setOf = async (names: readonly (string | undefined)[], allowKidless = false): Promise<KeySet> =>
    new KeySet(await Promise.all(names.map((name, i) => accepted(keys[i]!, name))), allowKidless);

  it('finds exactly the key that a token names', async () => {
    const set = await setOf(['a', 'b']);

    expect(set.candidates(header('b'), 0).map(({ kid }) => kid)).toEqual(['b']);
  });

  it.each(['c', 'A', ' a', 'a ', '', '__proto__', 'constructor', 'length', '0', 'a\u0301'])(
    'R7517-08 B-07 B-09 never falls back to another key for kid %j',
    async (kid) => {
      expect((await setOf(['a', undefined])).candidates(header(kid), 0)).toEqual([]);
    },
  );

  it('B-12 tries the keys that fit a token without kid, while they are few', async () => {
    expect((await setOf(['a'])).candidates(header(), 0)).toHaveLength(1);
    expect((await setOf(['a', 'b', undefined, 'd'])).candidates(header(), 0)).toHaveLength(4);
    expect((await setOf(['a', 'b', 'c', 'd', 'e'])).candidates(header(), 0)).toEqual([]);
    expect((await setOf(['a', 'b'])).candidates(header(undefined, 'RS256'), 0)).toEqual([]);
  });

  it('B-13 R7517-07 tries all keys of one name, but no more than four, and only those that fit', async () => {
    expect((await setOf(['a', 'a', 'b'])).candidates(header('a'), 0)).toHaveLength(2);
    expect((await setOf(['a', 'a', 'a', 'a', 'a'])).candidates(header('a'), 0)).toHaveLength(MAX_CANDIDATE_KEYS);
    const ofRsa = await accepted(rsa, 'a');
    const mixed = new KeySet([await accepted(keys[0]!, 'a'), ofRsa]);
    expect(mixed.candidates(header('a', 'RS256'), 0)).toEqual([ofRsa.key]);
  });

  it('counts a key that is published several times as one candidate, with names and without', async () => {
    const names = ['a', 'b', undefined];
    const each = async (of: readonly FakeKey[]): Promise<KeySet> =>
      new KeySet(await Promise.all(of.flatMap((key) => names.map((name) => accepted(key, name)))));

    expect((await each(keys.slice(0, 3))).candidates(header(), 0)).toHaveLength(3);
    expect((await each(keys.slice(0, 4))).candidates(header(), 0)).toHaveLength(4);
    expect((await each(keys)).candidates(header(), 0)).toEqual([]);
    expect((await setOf(['a', 'a'])).candidates(header('a'), 0)).toHaveLength(2);
    const twice = new KeySet([await accepted(keys[0]!, 'a'), await accepted(keys[0]!, 'a')]);
    expect(twice.candidates(header('a'), 0)).toHaveLength(1);
  });

  it('counts a key that is published for two issuers as two, because each may verify other tokens', async () => {
    const { key, untilMs } = await accepted(keys[0]!, 'a');
    const scoped = (issuer: string): AcceptedKey => ({ key: { ...key, issuer }, untilMs });
    const set = new KeySet([scoped('https://a.example'), scoped('https://b.example')]);

    expect(set.candidates(header('a'), 0).map(({ issuer }) => issuer)).toEqual([
      'https://a.example',
      'https://b.example',
    ]);
    expect(set.sameAs({ ...key, issuer: 'https://b.example' })?.issuer).toBe('https://b.example');
    expect(set.sameAs(key)).toBeUndefined();
  });

  it('F-24 lets keys of PEM files answer to any kid, but prefers the one that is named so', async () => {
    expect((await setOf([undefined, undefined], true)).candidates(header('any'), 0)).toHaveLength(2);
    expect((await setOf([undefined, 'a'], true)).candidates(header('a'), 0).map(({ kid }) => kid)).toEqual(['a']);
  });

  it('I4 forgets a key the moment its evidence ends', async () => {
    const set = await setOf(['a']);

    expect(set.candidates(header('a'), 999.9)).toHaveLength(1);
    expect(set.candidates(header('a'), 1_000)).toEqual([]);
    expect(set.candidates(header(), 1_000)).toEqual([]);
  });
});
