import { signAs } from '../builders/sign.js';
import { pkcs1, digestInfo, sha256 } from './rsa-encoding.js';
import { accepted, refused, type TokenOf, type Vector, type VectorContext } from './vector.js';
import { issuerOf } from './world.js';

/** A token of the issuer that publishes bad keys, under the name of one of them. */
function named(context: VectorContext, kid: string, alg: string) {
  return context.good.from(issuerOf(context.world, 'bad')).header({ alg, kid });
}

const curveKeys = [
  ...['ec-off-curve', 'ec-infinity', 'ec-secp256k1', 'ec-brainpool', 'ec-short', 'ec-wrong-field', 'ec-not-a-string'],
];

/** Signature of any message under a public key of order 1: R and S zero, in the encoding of each. */
const universal = Buffer.concat([Buffer.from([1]), Buffer.alloc(63)]);

const edwardsKeys = [
  ...['x25519', 'ed-order-1', 'ed-order-2', 'ed-order-4', 'ed-order-4-other-sign', 'ed-order-8', 'ed-order-8-other'],
  ...['ed-non-canonical', 'ed-31-octets'],
];

const unsignable = [
  ...['rsa-e-2', 'rsa-e-even', 'rsa-e-above-2^31', 'rsa-e-2^64', 'rsa-n-even', 'rsa-n-0', 'rsa-8193', 'rsa-16385'],
  ...['rsa-n-short-with-zeros', 'rsa-n-missing'],
];

function signedByAnyone(kid: string, alg: 'ES256' | 'RS256'): TokenOf {
  return (context) => {
    const { es, rs } = context.world.keys;
    const key = alg === 'ES256' ? es : rs;
    return named(context, kid, alg)
      .signature((input) => signAs(alg, key.privateKey, input))
      .build();
  };
}

/** Table 2.D, rows about keys that are published and must not be used; the token can only be of an unknown key. */
export const weakKeyAttacks: readonly Vector[] = [
  ...curveKeys.map((kid) => refused('D2-04', kid, 'key_unknown', signedByAnyone(kid, 'ES256'), 1)),
  ...edwardsKeys.map((kid) =>
    refused(
      'D2-05',
      `${kid}, with the signature that fits every message`,
      'key_unknown',
      (context) =>
        named(context, kid, 'EdDSA')
          .signature(() => universal)
          .build(),
      1,
    ),
  ),
  ...[0, 1, 2].map((index) =>
    refused(
      'D2-08',
      `${['512', '1024', '2047'][index]!} bits, really signed`,
      'key_unknown',
      (context) => {
        const { kid, privateKey } = context.world.keys.bad.rsaSigners[index]!;
        return named(context, kid, 'RS256')
          .signature((input) => signAs('RS256', privateKey, input))
          .build();
      },
      1,
    ),
  ),
  refused(
    'D2-08',
    'e = 1, where the signature is the message',
    'key_unknown',
    (context) =>
      named(context, 'rsa-e-1', 'RS256')
        .signature((input) => pkcs1(Buffer.concat([digestInfo.sha256, sha256(input)])))
        .build(),
    1,
  ),
  ...unsignable.map((kid) => refused('D2-08', kid, 'key_unknown', signedByAnyone(kid, 'RS256'), 1)),
  accepted('D2-08', 'n with a leading zero octet', ({ good, world }) => good.signedBy(world.keys.zeroPadded).build()),
  refused('D2-09', 'ROCA modulus', 'key_unknown', signedByAnyone('rsa-roca', 'RS256'), 1),
  accepted('D2-04', 'the good key beside all the bad ones', ({ good, world }) =>
    good.from(issuerOf(world, 'bad')).build(),
  ),
];
