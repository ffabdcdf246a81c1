import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeKey } from '../fakes/fake-issuer.js';
import { json } from '../fakes/misbehaviours.js';
import { HostilePair } from './support/hostile-pair.js';
import { headerOf, type KeyWorld } from './support/key-world.js';

describe('hostile key sets (table 2.F)', () => {
  let pair: HostilePair;

  beforeAll(async () => {
    pair = await HostilePair.start();
  });

  afterAll(async () => {
    await pair.stop();
  });

  const good = (): JWK => pair.h.key.publicJwk;

  /** Publishes the good key among others, and returns what a fresh replica made of the set. */
  async function among(...others: unknown[]): Promise<KeyWorld> {
    pair.h.recover();
    pair.h.publishDocument({ keys: [...others, good()] });
    using world = pair.world();
    await Promise.all([pair.expectGood(world, 'h'), pair.expectGood(world, 'g')]);
    return world;
  }

  it('F-03 refuses 10^5 members and depth 10^4 as a whole, in bounded time', async () => {
    const many = `{"keys":[{${Array.from({ length: 20_001 }, (_, i) => `"a${i}":1`).join(',')}}]}`;
    const deep = `{"keys":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
    for (const text of [many, deep]) {
      const { warm, cold, tookMs } = await pair.meet(json(text));
      expect([warm, cold]).toEqual(['json', 'json']);
      expect(tookMs).toBeLessThan(5_000);
    }
  });

  it('F-03 keeps a hundred keys of a long set, and reads a thousand', async () => {
    const { publicJwk } = await makeKey('ES256', 'x');
    const small = Array.from({ length: 1_500 }, (_, i) => ({
      ...publicJwk,
      kid: `k${i}`,
      use: undefined,
      alg: undefined,
    }));
    pair.h.recover();
    pair.h.publishDocument({ keys: small });
    using world = pair.world();

    expect(await world.verdict('h', { alg: 'ES256', kid: 'k99' })).toBe(1);
    expect(await world.verdict('h', { alg: 'ES256', kid: 'k100' })).toBe(0);
    expect(world.events.drops('h')).toEqual({ too_many: 1_400 });
  });

  it('F-03 D2-08 ignores keys that would only burn time', async () => {
    const huge = (kid: string): JWK => ({ kty: 'RSA', kid, e: 'AQAB', n: randomBytes(4_096).toString('base64url') });
    const startedMs = performance.now();
    const world = await among(...Array.from({ length: 40 }, (_, i) => huge(`huge-${i}`)));

    expect(performance.now() - startedMs).toBeLessThan(5_000);
    expect(world.events.drops('h')).toEqual({ too_large: 40 });
  });

  const rsa = (differences: object = {}): object => ({
    ...generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' }),
    ...differences,
  });

  it.each<[string, () => unknown, string]>([
    ['null', () => null, 'not_an_object'],
    ['a number', () => 7, 'not_an_object'],
    ['a list', () => [], 'not_an_object'],
    ['without n', () => rsa({ n: undefined }), 'member_malformed'],
    ['bad base64url', () => rsa({ n: '+/==' }), 'member_malformed'],
    ['an unknown kty', () => ({ kty: 'XYZ', alg: 'ML-DSA-44', pub: 'AA' }), 'kty_unsupported'],
    [
      'a kty of post-quantum keys without its numbers',
      () => ({ kty: 'AKP', alg: 'ML-DSA-44', pub: 'AA' }),
      'member_malformed',
    ],
    ['an unknown crv', () => ({ ...good(), crv: 'P-192' }), 'crv_unsupported'],
    ['a kid that is a number', () => ({ ...good(), kid: 1 }), 'kid_invalid'],
    ['a point off the curve', () => ({ ...good(), x: Buffer.alloc(32, 1).toString('base64url') }), 'point_invalid'],
    ['a key for encryption', () => ({ ...good(), use: 'enc' }), 'use_not_sig'],
  ])('F-06 I15 ignores one bad key among good ones: %s', async (_case, bad, reason) => {
    const world = await among(bad());

    expect(world.events.drops('h')).toEqual({ [reason]: 1 });
    expect(world.freshness('h').keys).toHaveLength(1);
  });

  it('F-07 R7517-09 ignores secret key material, keeps none of it, and raises an alarm', async () => {
    const secret = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
    const world = await among({ kty: 'oct', kid: 'hmac', k: 'c2VjcmV0LXNlY3JldA' }, { ...secret, kid: 'leaked' });

    expect(world.events.drops('h')).toEqual({ symmetric: 1, private_material: 1 });
    expect(await world.verdict('h', { alg: 'ES256', kid: 'leaked' })).toBe(0);
    const everything = JSON.stringify([world.events.all, world.freshness('h')]);
    expect(everything).not.toContain(secret.d!);
    expect(everything).not.toContain('c2VjcmV0LXNlY3JldA');
  });

  it.each([{ alg: 'none' }, { alg: 'HS256' }, { alg: 'XY999' }, { alg: 'ES256' }, { alg: 1 }])(
    'F-08 ignores an RSA key that says %j',
    async (alg) => {
      const world = await among(rsa(alg));

      expect(world.events.drops('h')).toEqual({ alg_mismatch: 1 });
    },
  );

  it('R7517-02 with only bad keys there is no set at all', async () => {
    const { warm, cold } = await pair.meet(json(JSON.stringify({ keys: [null, { kty: 'AKP' }] })));

    expect([warm, cold]).toEqual(['empty', 'empty']);
  });

  it("F-25 B-10 a copied key of G serves H's tokens only", async () => {
    const copied = { ...pair.g.key.publicJwk, kid: 'copied' };
    pair.h.recover();
    pair.h.publishDocument({ keys: [good(), copied] });
    using world = pair.world();

    expect(await world.verdict('h', { ...headerOf(pair.g.key), kid: 'copied' })).toBe(1);
    expect(await world.verdict('g', { ...headerOf(pair.g.key), kid: 'copied' })).toBe(0);
    expect(await world.verdict('g', headerOf(pair.g.key))).toBe(1);
  });
});
