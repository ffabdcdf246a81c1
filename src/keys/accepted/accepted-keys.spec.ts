import { describe, expect, it } from 'vitest';
import { makeKey } from '../../../test/fakes/fake-issuer.js';
import { confirm } from '../../../test/keys/support/observations.js';
import type { JsonObject } from '../../shared/json-value.js';
import { algorithmNames, type Algorithm } from '../../tokens/algorithms.js';
import { importJwk, readJwk } from '../../tokens/import-jwk.js';
import type { JwtHeader } from '../../tokens/unverified-jwt.js';
import type { VerificationKey } from '../../tokens/verification-key.js';
import type { KeyRecord, RecordedKey } from '../record/key-record.js';
import { compileKeySet } from './accepted-keys.js';
import { KeySet } from './key-set.js';

const all = new Set(algorithmNames);

function header(kid: string): JwtHeader {
  return { alg: 'ES256', kid };
}

describe('compileKeySet', () => {
  const timing = confirm;

  async function recorded(state: RecordedKey['state'], lastSeenMs = 0): Promise<RecordedKey> {
    const { publicJwk } = await makeKey('ES256', state.name);
    const key = importJwk(publicJwk, all) as VerificationKey;
    return { thumbprint: key.thumbprint, jwks: [publicJwk], state, firstSeenMs: 0, lastSeenMs };
  }

  const compile = (keys: readonly RecordedKey[], offsetMs = 0): KeySet => {
    const record: KeyRecord = { fence: 1, validatedAtMs: 0, refreshAfterMs: 300_000, keys, tombstones: [] };
    return compileKeySet(record, { algorithms: all, allowKidless: false, timing, offsetMs });
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
      compileKeySet(record(jwk), { algorithms, allowKidless: false, timing, offsetMs: 0 }, before).candidates(
        { alg: 'ES256' },
        0,
      )[0]!;

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
