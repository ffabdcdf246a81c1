import { createHash, sign as cryptoSign, type KeyObject } from 'node:crypto';
import type { TokenBuilder } from '../builders/a-token.js';
import { signAs } from '../builders/sign.js';
import { toBigInt, toOctets } from './bigint.js';
import { accepted, refused, type TokenOf, type Vector, type VectorContext } from './vector.js';

interface Curve {
  readonly key: 'es' | 'es384' | 'es512';
  readonly alg: 'ES256' | 'ES384' | 'ES512';
  /** Order of the base point. */
  readonly n: bigint;
  /** Prime of the field. */
  readonly p: bigint;
  readonly octets: number;
}

// SEC 2 §2.4.2, §2.5.1, §2.6.1
const curves: readonly Curve[] = [
  {
    key: 'es',
    alg: 'ES256',
    n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    octets: 32,
  },
  {
    key: 'es384',
    alg: 'ES384',
    n: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    octets: 48,
  },
  {
    key: 'es512',
    alg: 'ES512',
    n: 2n ** 521n - 2n ** 264n + 0xfa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
    p: 2n ** 521n - 1n,
    octets: 66,
  },
];

type Change = (r: bigint, s: bigint, curve: Curve) => readonly [bigint, bigint];

/** A good token whose signature (r, s) is changed. */
function withPair(curve: Curve, change: Change): TokenOf {
  return ({ good, world }) =>
    good
      .signedBy(world.keys[curve.key])
      .signature((input) => {
        const signature = signAs(curve.alg, world.keys[curve.key].privateKey, input);
        const [r, s] = [signature.subarray(0, curve.octets), signature.subarray(curve.octets)].map(toBigInt);
        return Buffer.concat(change(r!, s!, curve).map((value) => toOctets(value, curve.octets)));
      })
      .build();
}

const pairs: readonly (readonly [string, Change])[] = [
  ['r = 0, s = 0', () => [0n, 0n]],
  ['r = 0', (_r, s) => [0n, s]],
  ['s = 0', (r) => [r, 0n]],
  ['r = 1, s = 0', () => [1n, 0n]],
  ['r = 0, s = 1', () => [0n, 1n]],
  ['r = 1, s = 1', () => [1n, 1n]],
  ['r = n', (_r, s, { n }) => [n, s]],
  ['s = n', (r, _s, { n }) => [r, n]],
  ['r = n, s = n', (_r, _s, { n }) => [n, n]],
  ['r = n, s = 0', (_r, _s, { n }) => [n, 0n]],
  ['r = 0, s = n', (_r, _s, { n }) => [0n, n]],
  ['r = n - 1, s = n - 1', (_r, _s, { n }) => [n - 1n, n - 1n]],
  ['r = n + 1, s = n + 1', (_r, _s, { n }) => [n + 1n, n + 1n]],
  ['r = p - n', (_r, s, { n, p }) => [p - n, s]],
  ['r = p', (_r, s, { p }) => [p, s]],
  ['s = p', (r, _s, { p }) => [r, p]],
  ['every bit set', (_r, _s, { octets }) => [256n ** BigInt(octets) - 1n, 256n ** BigInt(octets) - 1n]],
  ['r and s exchanged', (r, s) => [s, r]],
  ['n - r', (r, s, { n }) => [n - r, s]],
];

const ecdsa: readonly Vector[] = curves.flatMap((curve) => [
  ...pairs.map(([name, change]) =>
    refused('D2-01', `${curve.alg} with ${name}`, 'signature_invalid', withPair(curve, change)),
  ),
  accepted(
    'D2-01',
    `${curve.alg} as it was made`,
    withPair(curve, (r, s) => [r, s]),
  ),
  accepted(
    'D2-03',
    `${curve.alg} with (r, n - s), which JWS permits`,
    withPair(curve, (r, s, { n }) => [r, n - s]),
  ),
]);

/** A good ES256 token whose signature octets are changed. */
function withOctets(change: (signature: Buffer, input: string, key: KeyObject) => Buffer): TokenOf {
  return ({ good, world }) => {
    const { privateKey } = world.keys.es;
    return good.signature((input) => change(signAs('ES256', privateKey, input), input, privateKey)).build();
  };
}

const zero = Buffer.alloc(1);

const lengths: readonly Vector[] = [
  refused(
    'D2-02',
    'DER',
    'signature_invalid',
    withOctets((_signature, input, key) => cryptoSign('sha256', Buffer.from(input), key)),
  ),
  refused(
    'D2-02',
    'leading zeros before r and s',
    'signature_invalid',
    withOctets((signature) => Buffer.concat([zero, signature.subarray(0, 32), zero, signature.subarray(32)])),
  ),
  refused(
    'D2-02',
    'leading zero',
    'signature_invalid',
    withOctets((signature) => Buffer.concat([zero, signature])),
  ),
  refused(
    'D2-02',
    'trailing zero',
    'signature_invalid',
    withOctets((signature) => Buffer.concat([signature, zero])),
  ),
  ...[1, 32, 63].map((length) =>
    refused(
      'D2-02',
      `${length} octets`,
      'signature_invalid',
      withOctets((signature) => signature.subarray(0, length)),
    ),
  ),
  refused(
    'D2-02',
    'no octets',
    'malformed',
    withOctets(() => Buffer.alloc(0)),
  ),
];

/** Order of the base point of edwards25519, RFC 8032 §5.1. */
const ED25519_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

const identity = Buffer.concat([Buffer.from([1]), Buffer.alloc(31)]);
const identityPlusPrime = Buffer.concat([Buffer.from([0xee]), Buffer.alloc(30, 0xff), Buffer.from([0x7f])]);

const littleEndian = (octets: Buffer): bigint => toBigInt(Buffer.from(octets).reverse());
const fromNumber = (value: bigint): Buffer => toOctets(value, 32).reverse();

/** The good token by the Ed25519 key, its signature changed. */
function edToken({ good, world }: VectorContext, change: (signature: Buffer) => Buffer): string {
  const { ed } = world.keys;
  return good
    .signedBy(ed)
    .signature((input) => change(signAs('Ed25519', ed.privateKey, input)))
    .build();
}

/** RFC 8032 §5.1.6 with a commitment of our own choice: R, and S = k·a, which holds for every R of small order. */
function committedTo(point: Buffer): TokenOf {
  return ({ good, world }) => {
    const { privateKey, jwk } = world.keys.ed;
    const seed = Buffer.from(privateKey.export({ format: 'jwk' }).d!, 'base64url');
    const half = createHash('sha512').update(seed).digest().subarray(0, 32);
    half[0]! &= 248;
    half[31] = (half[31]! & 127) | 64;
    const a = littleEndian(half);
    const sign = (input: string): Buffer => {
      const k = createHash('sha512')
        .update(point)
        .update(Buffer.from(jwk['x'] as string, 'base64url'))
        .update(input)
        .digest();
      return Buffer.concat([point, fromNumber((littleEndian(k) * a) % ED25519_ORDER)]);
    };
    return good.signedBy(world.keys.ed).signature(sign).build();
  };
}

const eddsa: readonly Vector[] = [
  refused('D2-05', 'S + L', 'signature_invalid', (context) =>
    edToken(context, (signature) =>
      Buffer.concat([signature.subarray(0, 32), fromNumber(littleEndian(signature.subarray(32)) + ED25519_ORDER)]),
    ),
  ),
  refused('D2-05', 'S = L', 'signature_invalid', (context) =>
    edToken(context, (signature) => Buffer.concat([signature.subarray(0, 32), fromNumber(ED25519_ORDER)])),
  ),
  refused('D2-05', 'S = 0', 'signature_invalid', (context) =>
    edToken(context, (signature) => Buffer.concat([signature.subarray(0, 32), Buffer.alloc(32)])),
  ),
  refused('D2-05', 'all zero', 'signature_invalid', (context) => edToken(context, () => Buffer.alloc(64))),
  ...[1, 32, 63].map((length) =>
    refused('D2-05', `${length} octets`, 'signature_invalid', (context) =>
      edToken(context, (signature) => signature.subarray(0, length)),
    ),
  ),
  refused('D2-05', '65 octets', 'signature_invalid', (context) =>
    edToken(context, (signature) => Buffer.concat([signature, zero])),
  ),
  refused('D2-05', 'R of small order, even by the holder of the key', 'signature_invalid', committedTo(identity)),
  refused('D2-05', 'R not in canonical form', 'signature_invalid', committedTo(identityPlusPrime)),
];

/** Takes parts of two good tokens. */
function swapped(part: 0 | 1): TokenOf {
  return ({ good }) => {
    const [one, other] = [good, good.header({ note: 1 }).with({ sub: 'mallory' })].map((token: TokenBuilder) =>
      token.build().split('.'),
    );
    return one!.map((segment, i) => (i === part ? other![i]! : segment)).join('.');
  };
}

/** Table 2.D, elliptic curves, and what is common to all algorithms. */
export const curveSignatureAttacks: readonly Vector[] = [
  ...ecdsa,
  ...lengths,
  ...eddsa,
  refused('D2-11', 'the header of another good token', 'signature_invalid', swapped(0)),
  refused('D2-11', 'the payload of another good token', 'signature_invalid', swapped(1)),
];
