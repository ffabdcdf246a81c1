import { checkPrimeSync } from 'node:crypto';
import type { JsonObject } from '../../src/shared/json-value.js';
import { aKey, type TestKey } from '../builders/a-key.js';
import { powerModulo, toBase64Url, toBigInt } from './bigint.js';

/** A published key that must not be used, and what it is. The name is also its `kid`. */
export interface BadKey {
  readonly name: string;
  readonly jwk: JsonObject;
}

/** Keys that must never verify anything, in one published set. */
export interface BadKeys {
  /** Sound keys, made unusable by what their JWK says about their purpose: B-14. */
  readonly misdeclared: readonly (BadKey & { readonly key: TestKey })[];
  /** D2-08 and D2-09. */
  readonly rsa: readonly BadKey[];
  /** Private halves of those of {@link rsa} that can sign. */
  readonly rsaSigners: readonly TestKey[];
  /** D2-04 and D2-05. */
  readonly curve: readonly BadKey[];
  readonly published: readonly JsonObject[];
}

/** Generates them. */
export function badKeys(): BadKeys {
  const misdeclared = misdeclaredKeys();
  const rsaSigners = [512, 1024, 2047].map((bits) => aKey('RS256', { kid: `rsa-${bits}`, bits }));
  const rsa = [...rsaSigners.map(({ kid, jwk }) => ({ name: kid, jwk })), ...oddRsaKeys()];
  const curve = curveKeys();
  return { misdeclared, rsa, rsaSigners, curve, published: [...misdeclared, ...rsa, ...curve].map(({ jwk }) => jwk) };
}

function misdeclaredKeys() {
  const declarations: readonly JsonObject[] = [
    { use: 'enc' },
    { use: 'SIG' },
    { use: 1 },
    { use: undefined, key_ops: ['encrypt'] },
    { use: undefined, key_ops: ['sign'] },
    { use: undefined, key_ops: ['wrapKey'] },
    { use: undefined, key_ops: ['verify', 'verify'] },
    { use: undefined, key_ops: 'verify' },
    { use: 'sig', key_ops: ['verify', 'encrypt'] },
    { alg: 'HS256' },
    { alg: 'none' },
    { alg: 'ES384' },
    { alg: 7 },
    { d: 'AAAA' },
  ];
  const key = aKey('ES256', { kid: 'misdeclared' });
  return declarations.map((declaration) => {
    const name = `misdeclared ${JSON.stringify(declaration)}`;
    return { name, key: { ...key, kid: name }, jwk: { ...key.jwk, ...declaration, kid: name } };
  });
}

/** Moduli and exponents that no sound generator makes; most of them cannot sign at all. */
function oddRsaKeys(): readonly BadKey[] {
  const sound = aKey('RS256');
  const modulus = toBigInt(Buffer.from(sound.jwk['n'] as string, 'base64url'));
  const rsa = (name: string, n: bigint, e: bigint): BadKey => ({
    name,
    jwk: { kty: 'RSA', n: toBase64Url(n), e: toBase64Url(e), kid: name, alg: 'RS256' },
  });
  return [
    rsa('rsa-e-1', modulus, 1n),
    rsa('rsa-e-2', modulus, 2n),
    rsa('rsa-e-even', modulus, 65_538n),
    rsa('rsa-e-above-2^31', modulus, 2n ** 31n + 1n),
    rsa('rsa-e-2^64', modulus, 2n ** 64n + 1n),
    rsa('rsa-n-even', modulus - 1n, 65_537n),
    rsa('rsa-n-0', 0n, 65_537n),
    rsa('rsa-8193', 2n ** 8192n + 1n, 65_537n),
    rsa('rsa-16385', 2n ** 16_384n + 1n, 65_537n),
    rsa('rsa-roca', rocaModulus(), 65_537n),
    {
      name: 'rsa-n-short-with-zeros',
      jwk: {
        ...sound.jwk,
        n: Buffer.alloc(256, 1).fill(0, 0, 200).toString('base64url'),
        kid: 'rsa-n-short-with-zeros',
      },
    },
    { name: 'rsa-n-missing', jwk: { ...sound.jwk, n: undefined, kid: 'rsa-n-missing' } },
  ];
}

function curveKeys(): readonly BadKey[] {
  const { jwk } = aKey('ES256');
  const y = Buffer.from(jwk['y'] as string, 'base64url');
  const offCurve = Buffer.from(y);
  offCurve[31]! ^= 1;
  const p384 = aKey('ES384').jwk;
  const ed = aKey('Ed25519').jwk;
  const ec = (name: string, members: JsonObject): BadKey => ({ name, jwk: { ...jwk, ...members, kid: name } });
  const okp = (name: string, hex: string): BadKey => ({
    name,
    jwk: { ...ed, x: Buffer.from(hex, 'hex').toString('base64url'), kid: name },
  });
  return [
    ec('ec-off-curve', { y: offCurve.toString('base64url') }),
    ec('ec-infinity', { x: Buffer.alloc(32).toString('base64url'), y: Buffer.alloc(32).toString('base64url') }),
    ec('ec-secp256k1', { crv: 'secp256k1' }),
    ec('ec-brainpool', { crv: 'BP-256' }),
    ec('ec-short', {
      x: Buffer.from(jwk['x'] as string, 'base64url')
        .subarray(1)
        .toString('base64url'),
    }),
    ec('ec-wrong-field', { x: p384['x'], y: p384['y'] }),
    ec('ec-not-a-string', { y: 5 }),
    { name: 'x25519', jwk: { ...ed, crv: 'X25519', kid: 'x25519' } },
    okp('ed-order-1', `01${'00'.repeat(31)}`),
    okp('ed-order-2', `ec${'ff'.repeat(30)}7f`),
    okp('ed-order-4', '00'.repeat(32)),
    okp('ed-order-4-other-sign', `${'00'.repeat(31)}80`),
    okp('ed-order-8', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'),
    okp('ed-order-8-other', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'),
    okp('ed-non-canonical', `ee${'ff'.repeat(30)}7f`),
    okp('ed-31-octets', '05'.repeat(31)),
  ];
}

/** A 2048-bit modulus as the faulty generator of CVE-2017-15361 made them: p = k·M + (65537^a mod M). */
function rocaModulus(): bigint {
  const product = oddPrimes(701).reduce((all, prime) => all * prime, 2n);
  const prime = (start: bigint): bigint => {
    for (let k = start; ; k++) {
      const candidate = k * product + powerModulo(65_537n, k, product);
      if (checkPrimeSync(candidate, { checks: 4 })) return candidate;
    }
  };
  const spread = 2n ** 1023n / product;
  return prime(spread + spread / 2n) * prime(spread + (spread * 2n) / 3n);
}

function oddPrimes(limit: number): readonly bigint[] {
  const primes: bigint[] = [];
  for (let n = 3n; n <= BigInt(limit); n += 2n) if (primes.every((prime) => n % prime !== 0n)) primes.push(n);
  return primes;
}
