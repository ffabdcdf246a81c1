import { generateKeyPairSync, sign as cryptoSign } from 'node:crypto';
import type { Algorithm } from '../../src/tokens/algorithms.js';
import { signAs } from '../builders/sign.js';
import { accepted, refused, type TokenOf, type Vector } from './vector.js';
import { issuerOf } from './world.js';
import type { WorldKeys } from './world-keys.js';

interface ParameterSet {
  readonly alg: Algorithm & `ML-DSA-${string}`;
  readonly key: 'ml44' | 'ml65' | 'ml87';
  /** Octets of the commitment hash that a signature begins with (FIPS 204 table 1, lambda / 4). */
  readonly commitment: number;
  /** Octets of the hint that it ends with: omega + k. */
  readonly hint: number;
}

const sets: readonly ParameterSet[] = [
  { alg: 'ML-DSA-44', key: 'ml44', commitment: 32, hint: 84 },
  { alg: 'ML-DSA-65', key: 'ml65', commitment: 48, hint: 61 },
  { alg: 'ML-DSA-87', key: 'ml87', commitment: 64, hint: 83 },
];

type Change = (signature: Buffer, set: ParameterSet, input: string, keys: WorldKeys) => Buffer;

/** A token of the issuer that lists ML-DSA, whose signature is changed. */
function withSignature(set: ParameterSet, change: Change): TokenOf {
  return ({ good, world }) => {
    const key = world.keys[set.key];
    return good
      .from(issuerOf(world, 'post-quantum'))
      .signedBy(key)
      .signature((input) => change(signAs(set.alg, key.privateKey, input), set, input, world.keys))
      .build();
  };
}

function flipped(signature: Buffer, at: number): Buffer {
  const changed = Buffer.from(signature);
  changed[at] = changed[at]! ^ 1;
  return changed;
}

const changes: readonly (readonly [string, Change])[] = [
  ['a bit of the commitment changed', (signature) => flipped(signature, 0)],
  ['a bit of the first response changed', (signature, { commitment }) => flipped(signature, commitment)],
  ['a bit of the last response changed', (signature, { hint }) => flipped(signature, signature.length - hint - 1)],
  ['a bit of the hint changed', (signature, { hint }) => flipped(signature, signature.length - hint)],
  ['a bit of the last octet changed', (signature) => flipped(signature, signature.length - 1)],
  [
    'responses as large as they can be written',
    (signature, { commitment, hint }) => Buffer.from(signature).fill(0x00, commitment, signature.length - hint),
  ],
  [
    'responses as small as they can be written',
    (signature, { commitment, hint }) => Buffer.from(signature).fill(0xff, commitment, signature.length - hint),
  ],
  ['a hint without any position', (signature, { hint }) => Buffer.from(signature).fill(0, signature.length - hint)],
  ['a hint with every position', (signature, { hint }) => Buffer.from(signature).fill(0xff, signature.length - hint)],
  ['every bit set', (signature) => Buffer.alloc(signature.length, 0xff)],
  ['no bit set', (signature) => Buffer.alloc(signature.length)],
  ['the last octet missing', (signature) => signature.subarray(0, -1)],
  ['an octet more', (signature) => Buffer.concat([signature, Buffer.alloc(1)])],
  ['another input signed', (_signature, { alg }, input) => signAs(alg, ownKeys[alg].privateKey, `${input}x`)],
  // RFC 9964 §4: the context of FIPS 204 §5.2 is empty.
  [
    'a context',
    (_signature, { key }, input, keys) =>
      cryptoSign(null, Buffer.from(input), { key: keys[key].privateKey, context: Buffer.from('JWT') }),
  ],
  ['another key', (_signature, { alg }, input) => signAs(alg, ownKeys[alg].privateKey, input)],
  [
    'a signature of another parameter set',
    (_signature, { alg }, input) =>
      signAs('ML-DSA-44', ownKeys[alg === 'ML-DSA-44' ? 'ML-DSA-65' : 'ML-DSA-44'].privateKey, input),
  ],
  ['an Ed25519 signature', (_signature, _set, input) => cryptoSign(null, Buffer.from(input), ed.privateKey)],
];

/** Keys that nobody has registered. */
const ownKeys = {
  'ML-DSA-44': generateKeyPairSync('ml-dsa-44'),
  'ML-DSA-65': generateKeyPairSync('ml-dsa-65'),
  'ML-DSA-87': generateKeyPairSync('ml-dsa-87'),
};
const ed = generateKeyPairSync('ed25519');

/** Signatures of FIPS 204, made well and changed in every part that they have (RFC 9964). */
export const mlDsaAttacks: readonly Vector[] = sets.flatMap((set) => [
  accepted(
    'RFC 9964',
    `${set.alg} as it was made`,
    withSignature(set, (signature) => signature),
  ),
  ...changes.map(([name, change]) =>
    refused('RFC 9964', `${set.alg} with ${name}`, 'signature_invalid', withSignature(set, change)),
  ),
]);

const [, ml65] = sets as readonly [ParameterSet, ParameterSet, ParameterSet];

/** Names and keys that do not fit together. */
export const mlDsaMismatches: readonly Vector[] = [
  refused('RFC 9964', 'ML-DSA-44 in the header, an ML-DSA-65 key under that kid', 'key_unknown', ({ good, world }) =>
    good.from(issuerOf(world, 'post-quantum')).signedBy(world.keys[ml65.key]).header({ alg: 'ML-DSA-44' }).build(),
  ),
  refused('RFC 9964', 'ML-DSA-65 at an issuer that does not list it', 'algorithm_not_allowed', ({ good, world }) =>
    good.from(issuerOf(world, 'narrow')).signedBy(world.keys[ml65.key]).build(),
  ),
  ...['ml-dsa-65', 'MLDSA65', 'ML-DSA-65-ES256', 'SLH-DSA-SHA2-128s', 'HashML-DSA-65'].map((alg) =>
    refused('RFC 9964', `alg ${alg}`, 'algorithm_unsupported', ({ good, world }) =>
      good.from(issuerOf(world, 'post-quantum')).signedBy(world.keys[ml65.key]).header({ alg }).build(),
    ),
  ),
];
