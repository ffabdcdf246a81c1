import { constants, createHash, sign as cryptoSign } from 'node:crypto';
import { signAs } from '../builders/sign.js';
import { cubeRoot, toBigInt, toOctets } from './bigint.js';
import { digestInfo, MODULUS_OCTETS, pkcs1, pss, sha256, signEncoded, type PssOptions } from './rsa-encoding.js';
import { accepted, refused, type TokenOf, type Vector, type VectorContext } from './vector.js';

/** A good RS256 token whose encoded message is made by hand and then really signed. */
function withEncoding(encodeMessage: (input: string) => Buffer): TokenOf {
  return ({ good, world }) => {
    const { rs } = world.keys;
    return good
      .signedBy(rs)
      .signature((input) => signEncoded(rs.privateKey, encodeMessage(input)))
      .build();
  };
}

const withHash = (prefix: Buffer) => (input: string) => Buffer.concat([prefix, sha256(input)]);
const correct = withHash(digestInfo.sha256);
const garbage = Buffer.alloc(16, 0x5a);
const shortPadding = Buffer.alloc(8, 0xff);

const encodings: readonly (readonly [string, (input: string) => Buffer])[] = [
  ['SHA-1 named, SHA-256 inside', (input) => pkcs1(withHash(digestInfo.sha1)(input))],
  ['SHA-512 named, SHA-256 inside', (input) => pkcs1(withHash(digestInfo.sha512)(input))],
  [
    'SHA-512 named and inside',
    (input) => pkcs1(Buffer.concat([digestInfo.sha512, createHash('sha512').update(input).digest()])),
  ],
  ['no DigestInfo', (input) => pkcs1(sha256(input))],
  ['NULL left out', (input) => pkcs1(withHash(digestInfo.withoutNull)(input))],
  ['lengths in the long form', (input) => pkcs1(withHash(digestInfo.longLengths)(input))],
  ['indefinite length', (input) => pkcs1(withHash(digestInfo.indefiniteLength)(input))],
  ['garbage after the digest', (input) => pkcs1(Buffer.concat([correct(input), garbage]))],
  ['garbage before DigestInfo', (input) => pkcs1(Buffer.concat([garbage, correct(input)]))],
  ['short padding and garbage at the end', (input) => filled(pkcs1(correct(input), shortPadding))],
  ['no padding and garbage at the end', (input) => filled(pkcs1(correct(input), Buffer.alloc(0)))],
  ['padding that is not all ones', (input) => changed(pkcs1(correct(input)), 5, 0xfe)],
  ['padding of zeros, block type 0', (input) => Buffer.concat([Buffer.alloc(MODULUS_OCTETS - 51), correct(input)])],
  ['block type 2', (input) => changed(pkcs1(correct(input)), 1, 2)],
  ['first octet 1', (input) => changed(pkcs1(correct(input)), 0, 1)],
  ['no zero after the padding', (input) => changed(pkcs1(correct(input)), MODULUS_OCTETS - 52, 0xff)],
  ['digest cut short', (input) => pkcs1(correct(input).subarray(0, -1))],
  ['digest of something else', () => pkcs1(correct('something else'))],
];

function changed(octets: Buffer, index: number, value: number): Buffer {
  const copy = Buffer.from(octets);
  copy[index] = value;
  return copy;
}

/** Fills an encoding up to the length of the modulus from behind. */
function filled(encoding: Buffer): Buffer {
  return Buffer.concat([encoding, Buffer.alloc(MODULUS_OCTETS - encoding.length, 0x5a)]);
}

/** Bleichenbacher 2006: with e = 3 a verifier that stops reading too early accepts a cube root that needs no private key. */
function cubeRootForgery({ good, world }: VectorContext): string {
  const forge = (input: string): Buffer => {
    const start = pkcs1(correct(input), shortPadding);
    const wanted = toBigInt(Buffer.concat([start, Buffer.alloc(MODULUS_OCTETS - start.length, 0xff)]));
    const root = cubeRoot(wanted);
    if (
      !toOctets(root ** 3n, MODULUS_OCTETS)
        .subarray(0, start.length)
        .equals(start)
    )
      throw new Error('not a forgery');
    return toOctets(root, MODULUS_OCTETS);
  };
  return good.signedBy(world.keys.e3).signature(forge).build();
}

const padding: readonly Vector[] = [
  accepted(
    'D2-06',
    'the encoding as it should be',
    withEncoding((input) => pkcs1(correct(input))),
  ),
  ...encodings.map(([name, encodeMessage]) => refused('D2-06', name, 'signature_invalid', withEncoding(encodeMessage))),
  refused('D2-06', 'cube root for a key with e = 3', 'signature_invalid', cubeRootForgery),
  accepted('D2-06', 'e = 3, signed by its holder', ({ good, world }) => good.signedBy(world.keys.e3).build()),
];

/** A good PS256 token whose EMSA-PSS encoding is made by hand and then really signed. */
function withPss(options: PssOptions): TokenOf {
  return ({ good, world }) => {
    const { ps } = world.keys;
    return good
      .signedBy(ps)
      .signature((input) => signEncoded(ps.privateKey, pss(input, options)))
      .build();
  };
}

const saltLengths = [0, 20, 31, 33, 64, constants.RSA_PSS_SALTLEN_MAX_SIGN];

const probabilistic: readonly Vector[] = [
  accepted('D2-07', 'the encoding as it should be', withPss({})),
  ...saltLengths.map((saltLength) =>
    refused(
      'D2-07',
      `salt length ${saltLength === constants.RSA_PSS_SALTLEN_MAX_SIGN ? 'as long as it can be' : saltLength}`,
      'signature_invalid',
      ({ good, world }) => {
        const { privateKey } = world.keys.ps;
        const key = { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
        return good
          .signedBy(world.keys.ps)
          .signature((input) => cryptoSign('sha256', Buffer.from(input), key))
          .build();
      },
    ),
  ),
  ...['sha1', 'sha384', 'sha512'].map((mgfHash) =>
    refused('D2-07', `MGF1 with ${mgfHash}`, 'signature_invalid', withPss({ mgfHash })),
  ),
  ...[0x00, 0xcc, 0xbd].map((trailer) =>
    refused('D2-07', `trailer ${trailer.toString(16)}`, 'signature_invalid', withPss({ trailer })),
  ),
  refused('D2-07', 'PKCS#1 v1.5 under PS256', 'signature_invalid', ({ good, world }) =>
    good
      .signedBy(world.keys.ps)
      .signature((input) => signAs('RS256', world.keys.ps.privateKey, input))
      .build(),
  ),
];

/** A good RS256 token, varied until its signature suits; then the signature is changed. */
function searched(
  suits: (signature: Buffer, modulus: bigint) => boolean,
  change: (signature: Buffer, modulus: bigint) => Buffer,
): TokenOf {
  return ({ good, world }) => {
    const { rs } = world.keys;
    const modulus = toBigInt(Buffer.from(rs.jwk['n'] as string, 'base64url'));
    for (let attempt = 0; ; attempt++) {
      const candidate = good.signedBy(rs).with({ attempt });
      const signature = Buffer.from(candidate.build().split('.')[2]!, 'base64url');
      if (suits(signature, modulus)) return candidate.signature(() => change(signature, modulus)).build();
    }
  };
}

const always = () => true;
const zero = Buffer.alloc(1);

const sizes: readonly Vector[] = [
  refused(
    'D2-10',
    'leading zero',
    'signature_invalid',
    searched(always, (signature) => Buffer.concat([zero, signature])),
  ),
  refused(
    'D2-10',
    'trailing zero',
    'signature_invalid',
    searched(always, (signature) => Buffer.concat([signature, zero])),
  ),
  refused(
    'D2-10',
    'one octet short',
    'signature_invalid',
    searched(always, (signature) => signature.subarray(1)),
  ),
  refused(
    'D2-10',
    'leading zero of the signature left out',
    'signature_invalid',
    searched(
      (signature) => signature[0] === 0,
      (signature) => signature.subarray(1),
    ),
  ),
  refused(
    'D2-10',
    'signature plus modulus',
    'signature_invalid',
    searched(
      (signature, modulus) => toBigInt(signature) + modulus < 2n ** 2048n,
      (signature, modulus) => toOctets(toBigInt(signature) + modulus),
    ),
  ),
  refused(
    'D2-10',
    'the modulus',
    'signature_invalid',
    searched(always, (_signature, modulus) => toOctets(modulus)),
  ),
  refused(
    'D2-10',
    'zero',
    'signature_invalid',
    searched(always, () => Buffer.alloc(MODULUS_OCTETS)),
  ),
  refused(
    'D2-10',
    'one',
    'signature_invalid',
    searched(always, () => toOctets(1n, MODULUS_OCTETS)),
  ),
  refused(
    'D2-10',
    'modulus minus one',
    'signature_invalid',
    searched(always, (_signature, modulus) => toOctets(modulus - 1n)),
  ),
];

/** Table 2.D, RSA. */
export const rsaSignatureAttacks: readonly Vector[] = [...padding, ...probabilistic, ...sizes];
