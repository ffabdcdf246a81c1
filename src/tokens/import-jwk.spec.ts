import { describe, expect, it } from 'vitest';
import { aKey, thumbprintOf } from '../../test/builders/a-key.js';
import { badKeys } from '../../test/vectors/bad-keys.js';
import type { JsonObject } from '../shared/json-value.js';
import { algorithmNames, algorithmsByDefault, type Algorithm } from './algorithms.js';
import { importJwk, publicMembers } from './import-jwk.js';
import { JwkDefect } from './jwk-defect.js';

const all = new Set(algorithmNames);
const ec = aKey('ES256', { kid: 'k1' });
const rsa = aKey('RS256', { kid: 'k2' });
const ed = aKey('Ed25519', { kid: 'k3' });
const bare = ({ kty, crv, x, y, n, e }: JsonObject): JsonObject => ({ kty, crv, x, y, n, e });

async function algorithmsOf(
  jwk: JsonObject,
  allowed: ReadonlySet<Algorithm> = all,
): Promise<readonly string[] | string> {
  const key = importJwk(jwk, allowed);
  return key instanceof JwkDefect ? key.reason : [...key.verifiers.keys()];
}

describe('importJwk', () => {
  it('R7517-06 prepares a key for its own alg and for no other', async () => {
    expect(await algorithmsOf(rsa.jwk)).toEqual(['RS256']);
    expect(await algorithmsOf(ec.jwk)).toEqual(['ES256']);
  });

  it('R7517-06 derives the algorithms from kind and curve where the key names none', async () => {
    expect(await algorithmsOf(bare(rsa.jwk))).toEqual(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']);
    expect(await algorithmsOf(bare(ec.jwk))).toEqual(['ES256']);
    expect(await algorithmsOf(bare(aKey('ES384').jwk))).toEqual(['ES384']);
    expect(await algorithmsOf(bare(aKey('ES512').jwk))).toEqual(['ES512']);
    expect(await algorithmsOf(bare(ed.jwk))).toEqual(['EdDSA', 'Ed25519']);
  });

  it('R8725-01 prepares nothing that the issuer does not list', async () => {
    expect(await algorithmsOf(bare(rsa.jwk), new Set(['PS256', 'ES256']))).toEqual(['PS256']);
    expect(await algorithmsOf(rsa.jwk, new Set(['PS256']))).toBe('algorithm_not_allowed');
    expect(await algorithmsOf(ec.jwk, new Set())).toBe('algorithm_not_allowed');
  });

  it.each(['EdDSA', 'Ed25519'])('R9864-01 takes %s on an Ed25519 key for both names', async (alg) => {
    expect(await algorithmsOf({ ...ed.jwk, alg })).toEqual(['EdDSA', 'Ed25519']);
  });

  it('R7638-01 computes the thumbprint of RFC 7638 §3.1', async () => {
    const n =
      '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMs' +
      'tn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5ha' +
      'jrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw';
    const key = importJwk({ kty: 'RSA', n, e: 'AQAB', alg: 'RS256', kid: '2011-04-29' }, all);
    expect(key).toMatchObject({ thumbprint: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs', kid: '2011-04-29' });
  });

  it.each([ec, rsa, ed])('R7638-01 computes the thumbprint of its members, whatever else is there', async ({ jwk }) => {
    expect(importJwk({ ...jwk, extra: { a: 1 }, key_ops: ['verify'] }, all)).toMatchObject({
      thumbprint: thumbprintOf(jwk),
    });
  });

  it('R7518-02 takes a leading zero octet of n for no other key', async () => {
    const n = Buffer.concat([Buffer.alloc(2), Buffer.from(rsa.jwk['n'] as string, 'base64url')]).toString('base64url');
    expect(importJwk({ ...rsa.jwk, n }, all)).toMatchObject({ thumbprint: thumbprintOf(rsa.jwk) });
  });

  it.each([undefined, 'k'.repeat(256), ''])('takes the kid %j', async (kid) => {
    expect(importJwk({ ...ec.jwk, kid }, all)).not.toBeInstanceOf(JwkDefect);
  });

  const defects: readonly (readonly [string, JsonObject])[] = [
    ['kid_invalid', { kid: 1 }],
    ['kid_invalid', { kid: null }],
    ['kid_invalid', { kid: 'k'.repeat(257) }],
    ['use_not_sig', { use: 'enc' }],
    ['use_not_sig', { use: 'SIG' }],
    ['use_not_sig', { use: null }],
    ['key_ops_not_verify', { key_ops: ['sign'] }],
    ['key_ops_not_verify', { key_ops: [] }],
    ['key_ops_not_verify', { key_ops: 'verify' }],
    ['key_ops_not_verify', { key_ops: ['verify', 'verify'] }],
    ['key_ops_not_verify', { key_ops: ['verify', 1] }],
    ['key_ops_not_verify', { key_ops: ['verify', 'encrypt'] }],
    ['private_material', { d: 'AAAA' }],
    ['private_material', { k: 'AAAA' }],
    ['private_material', { oth: [] }],
    ['private_material', { priv: '' }],
    ['symmetric', { kty: 'oct', k: 'AAAA' }],
    ['alg_mismatch', { kty: 'AKP' }],
    ['kty_unsupported', { kty: 'ec' }],
    ['kty_unsupported', { kty: undefined }],
    ['kty_unsupported', { kty: ['EC'] }],
    ['crv_unsupported', { crv: 'P-256K' }],
    ['crv_unsupported', { crv: undefined }],
    ['crv_unsupported', { crv: 'constructor' }],
    ['member_malformed', { x: undefined }],
    ['member_malformed', { x: 'AA' }],
    ['member_malformed', { y: 7 }],
    ['member_malformed', { y: (ec.jwk['y'] as string) + '==' }],
    ['member_malformed', { y: (ec.jwk['y'] as string) + ' ' }],
    ['point_invalid', { y: ec.jwk['x'] }],
    ['alg_mismatch', { alg: 'RS256' }],
    ['alg_mismatch', { alg: 'ES384' }],
    ['alg_mismatch', { alg: 'none' }],
    ['alg_mismatch', { alg: 'HS256' }],
    ['alg_mismatch', { alg: 7 }],
    ['alg_mismatch', { alg: null }],
  ];

  it.each(defects)('F-06 drops a key for %s: %j', async (reason, members) => {
    expect(importJwk({ ...ec.jwk, ...members }, all)).toEqual(new JwkDefect(reason as JwkDefect['reason']));
  });

  it.each(defects)(
    'F-06 drops an RSA or Ed25519 key with %s as well, or takes it: it never throws',
    async (_reason, members) => {
      for (const { jwk } of [rsa, ed]) expect(importJwk({ ...jwk, ...members }, all)).toBeDefined();
    },
  );

  const bad = badKeys();

  it.each(bad.rsa.map(({ name, jwk }) => [name, jwk] as const))('D2-08 drops %s', async (name, jwk) => {
    const reasons = name === 'rsa-roca' ? ['roca'] : ['rsa_size', 'rsa_exponent', 'rsa_modulus', 'member_malformed'];
    expect(reasons).toContain((importJwk(jwk, all) as JwkDefect).reason);
  });

  it.each(bad.curve.map(({ name, jwk }) => [name, jwk] as const))('D2-04 drops %s', async (_name, jwk) => {
    expect(['crv_unsupported', 'member_malformed', 'point_invalid']).toContain(
      (importJwk(jwk, all) as JwkDefect).reason,
    );
  });

  const spellings: readonly (readonly [string, (octets: Buffer) => string])[] = [
    ['the standard alphabet', (octets) => octets.toString('base64').replace(/=+$/, '')],
    ['the standard alphabet with padding', (octets) => octets.toString('base64')],
    ['padding', (octets) => octets.toString('base64').replaceAll('+', '-').replaceAll('/', '_')],
  ];

  it.each(spellings)('R7518-02 takes numbers in %s for the same key', (_name, spell) => {
    for (const { jwk } of [rsa, ec, ed]) {
      const numbers = ['n', 'e', 'x', 'y'].filter((name) => jwk[name] !== undefined);
      const spelled = numbers.map((name) => [name, spell(Buffer.from(jwk[name] as string, 'base64url'))] as const);
      const other = { ...jwk, ...Object.fromEntries(spelled) };
      expect(importJwk(other, all)).toMatchObject({ thumbprint: thumbprintOf(jwk), kid: jwk['kid'] });
    }
  });

  it.each([[], 'AAAA', ['garbage'], [null]])('R7517-10 takes a key by its own numbers beside x5c %j', (x5c) => {
    for (const { jwk } of [rsa, ec, ed]) {
      expect(importJwk({ ...jwk, x5c }, all)).toMatchObject({ thumbprint: thumbprintOf(jwk) });
    }
  });

  it('keeps for whose tokens a key is, where that is a URL', () => {
    const issuer = 'https://login.example/{tenantid}/v2.0';
    expect(importJwk({ ...ec.jwk, issuer }, all)).toMatchObject({ issuer });
    for (const other of ['corp', 'urn:corp', 7, null, [issuer], 'https://']) {
      expect(importJwk({ ...ec.jwk, issuer: other }, all)).not.toHaveProperty('issuer');
    }
  });
});

describe('publicMembers', () => {
  it('keeps what importing again takes, and nothing secret, large or unknown', async () => {
    const full: JsonObject = {
      ...rsa.jwk,
      key_ops: ['verify'],
      d: 'secret',
      p: 'secret',
      k: 'secret',
      x5c: ['big'],
      x5u: 'https://x',
      issuer: 'https://login.example/tenant',
      extra: 1,
    };
    const kept = publicMembers(full);
    expect(Object.keys(kept).sort()).toEqual(['alg', 'e', 'issuer', 'key_ops', 'kid', 'kty', 'n', 'use']);
    expect(importJwk(kept, all)).toMatchObject({ thumbprint: thumbprintOf(rsa.jwk), kid: 'k2' });
  });

  it('keeps of an issuer only a URL, and the octets of an ML-DSA key (RFC 9964)', () => {
    const akp = { kty: 'AKP', alg: 'ML-DSA-65', kid: 'k4', pub: 'AAAA' };
    expect(publicMembers({ ...akp, priv: 'secret', issuer: { a: 1 } })).toEqual(akp);
  });

  describe('an ML-DSA key (RFC 9964)', () => {
    const octets = { 'ML-DSA-44': 1_312, 'ML-DSA-65': 1_952, 'ML-DSA-87': 2_592 } as const;
    const key = aKey('ML-DSA-65', { kid: 'k5' });
    const ofLength = (length: number) => Buffer.alloc(length, 7).toString('base64url');

    it.each(Object.entries(octets))('is for its own algorithm, %s, and has %i octets', async (alg, length) => {
      const jwk = { kty: 'AKP', alg, pub: ofLength(length) };
      expect(await algorithmsOf(jwk)).toEqual([alg]);
      for (const wrong of [length - 1, length + 1, 0])
        expect(await algorithmsOf({ ...jwk, pub: ofLength(wrong) })).toBe('member_malformed');
    });

    it('has the thumbprint of alg, kty and pub (RFC 9964 §5)', () => {
      expect(importJwk({ ...key.jwk, extra: 1 }, all)).toMatchObject({ thumbprint: thumbprintOf(key.jwk), kid: 'k5' });
    });

    it.each([undefined, 'ES256', 'SLH-DSA-SHA2-128s', 'ML-DSA', 'ml-dsa-65', 7, null])(
      'is not used where its alg is %j',
      async (alg) => {
        expect(await algorithmsOf({ ...key.jwk, alg })).toBe('alg_mismatch');
      },
    );

    it.each([
      ['private_material', { priv: ofLength(32) }],
      ['member_malformed', { pub: undefined }],
      ['member_malformed', { pub: 7 }],
      ['use_not_sig', { use: 'enc' }],
    ])('is not used for %s: %j', async (reason, members) => {
      expect(await algorithmsOf({ ...key.jwk, ...members })).toBe(reason);
    });

    it('is not used where the issuer lists only what everybody reads', async () => {
      expect(await algorithmsOf(key.jwk, new Set(algorithmsByDefault))).toBe('algorithm_not_allowed');
    });

    it('is imported again from what a store keeps', () => {
      expect(importJwk(publicMembers(key.jwk), all)).toMatchObject({ thumbprint: thumbprintOf(key.jwk) });
    });
  });
});
