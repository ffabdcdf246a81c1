import { beforeAll, describe, expect, it } from 'vitest';
import { makeKey, type FakeKey } from '../../../test/fakes/fake-issuer.js';
import { confirm } from '../../../test/keys/support/observations.js';
import type { JsonObject } from '../../shared/json-value.js';
import { importJwk, readJwk } from '../../tokens/import-jwk.js';
import { algorithmNames, type Algorithm } from '../../tokens/algorithms.js';
import type { JwtHeader } from '../../tokens/unverified-jwt.js';
import type { VerificationKey } from '../../tokens/verification-key.js';
import { MAX_CANDIDATE_KEYS } from '../../tokens/verify-signature.js';
import { compileKeySet, KeySet, type AcceptedKey } from './key-set.js';
import type { KeyRecord, RecordedKey } from '../record/key-record.js';

const all = new Set(algorithmNames);

function header(kid?: string, alg: Algorithm = 'ES256'): JwtHeader {
  return { alg, ...(kid === undefined ? {} : { kid }) };
}

async function accepted({ publicJwk }: FakeKey, kid?: string): Promise<AcceptedKey> {
  const { kty, crv, x, y, n, e } = publicJwk as JsonObject;
  const key = (await importJwk({ kty, crv, x, y, n, e, kid }, all)) as VerificationKey;
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

describe('compileKeySet', () => {
  const timing = confirm;

  async function recorded(state: RecordedKey['state'], lastSeenMs = 0): Promise<RecordedKey> {
    const { publicJwk } = await makeKey('ES256', state.name);
    const key = (await importJwk(publicJwk, all)) as VerificationKey;
    return { thumbprint: key.thumbprint, jwks: [publicJwk], state, firstSeenMs: 0, lastSeenMs };
  }

  const compile = (keys: readonly RecordedKey[], offsetMs = 0): KeySet => {
    const record: KeyRecord = { fence: 1, validatedAtMs: 0, refreshAfterMs: 300_000, keys, tombstones: [] };
    return compileKeySet(record, { algorithms: all, timing, offsetMs });
  };

  it('accepts active keys until hardTtl, retiring ones for half a minute, returning ones not at all', async () => {
    const set = compile([
      await recorded({ name: 'active' }),
      await recorded({ name: 'retiring', sinceMs: 10_000 }),
      await recorded({ name: 'returning', sinceMs: 0 }),
    ]);
    const named = (kid: string, nowMs: number): number => set.candidates(header(kid), nowMs).length;

    expect([named('active', 14_399_999), named('active', 14_400_000)]).toEqual([1, 0]);
    expect([named('retiring', 39_999), named('retiring', 40_000)]).toEqual([1, 0]);
    expect(named('returning', 0)).toBe(0);
  });

  it('never lets a retiring key outlive its own evidence', async () => {
    const set = compile([await recorded({ name: 'retiring', sinceMs: 14_390_000 })]);

    expect(set.candidates(header('retiring'), 14_399_999)).toHaveLength(1);
    expect(set.candidates(header('retiring'), 14_400_000)).toHaveLength(0);
  });

  it("moves the store's times to this process's clock", async () => {
    const set = compile([await recorded({ name: 'retiring', sinceMs: 0 })], -20_000);

    expect(set.candidates(header('retiring'), 9_999)).toHaveLength(1);
    expect(set.candidates(header('retiring'), 10_000)).toHaveLength(0);
  });

  it('keeps the keys of the set before, which have been imported, but none with another name or other algorithms', async () => {
    const key = await recorded({ name: 'active' });
    const before = compile([key]);
    const [kept] = before.candidates(header('active'), 0);
    const record = (jwk: JsonObject): KeyRecord => ({
      fence: 2,
      validatedAtMs: 0,
      refreshAfterMs: 300_000,
      keys: [{ ...key, jwks: [jwk] }],
      tombstones: [],
    });
    const after = (jwk: JsonObject, algorithms: ReadonlySet<Algorithm> = all): VerificationKey =>
      compileKeySet(record(jwk), { algorithms, timing, offsetMs: 0 }, before).candidates({ alg: 'ES256' }, 0)[0]!;

    const [jwk] = key.jwks;
    expect(after(jwk!)).toBe(kept);
    expect(after({ ...jwk!, kid: 'other' })).toMatchObject({ kid: 'other' });
    const rsa = await makeKey('RS256', 'active');
    const any = {
      kty: rsa.publicJwk.kty,
      n: rsa.publicJwk.n,
      e: rsa.publicJwk.e,
      kid: 'active',
    } as JsonObject;
    const rsaKey = readJwk(any, all) as VerificationKey;
    const set = new KeySet([{ key: rsaKey, untilMs: 1 }]);
    expect(set.sameAs(readJwk(any, all) as VerificationKey)).toBe(rsaKey);
    expect(set.sameAs(readJwk(any, new Set(['RS256'])) as VerificationKey)).toBeUndefined();
  });

  it('believes no thumbprint that it has not computed', async () => {
    const key = await recorded({ name: 'active' });
    const other = await recorded({ name: 'active' });

    expect(compile([{ ...key, thumbprint: other.thumbprint }]).size).toBe(0);
    expect(compile([{ ...key, jwks: [{ kty: 'oct', k: 'AAAA' }, { kty: 'EC' }] }]).size).toBe(0);
  });
});
