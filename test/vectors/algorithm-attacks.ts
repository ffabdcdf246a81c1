import { randomBytes } from 'node:crypto';
import type { JsonValue } from '../../src/shared/json-value.js';
import type { TestKey } from '../builders/a-key.js';
import { encode } from '../builders/a-token.js';
import { signAs } from '../builders/sign.js';
import { hmacConfusion } from './hmac-confusion.js';
import { accepted, refused, show, type TokenOf, type Vector, type VectorContext } from './vector.js';
import { issuerOf } from './world.js';

const nothing = Buffer.alloc(0);

/** The good token under another `alg`, its own key's name, and this signature. */
function under(alg: JsonValue | undefined, signature: (input: string) => Buffer): TokenOf {
  return ({ good }) => good.header({ alg }).signature(signature).build();
}

/** A good token of the main issuer by this key, under this `alg`, and really signed so. */
function crossed(
  key: (context: VectorContext) => TestKey,
  alg: 'RS256' | 'RS512' | 'PS256' | 'ES256' | 'ES384' | 'EdDSA',
): TokenOf {
  return (context) => {
    const { good } = context;
    const { privateKey, kid } = key(context);
    return good
      .header({ alg, kid })
      .signature((input) => signAs(alg, privateKey, input))
      .build();
  };
}

const unsecured: readonly Vector[] = ['none', 'None', 'NONE', 'nOnE', 'none ', 'none\u0000', ''].flatMap((alg) => [
  refused(
    'A-01',
    `alg ${show(alg)}, random signature`,
    'algorithm_unsupported',
    under(alg, () => randomBytes(64)),
  ),
  refused('A-01', `alg ${show(alg)}, original signature`, 'algorithm_unsupported', ({ good, world }) =>
    good
      .header({ alg })
      .signature((input) => signAs('ES256', world.keys.es.privateKey, input))
      .build(),
  ),
  refused(
    'A-01',
    `alg ${show(alg)}, empty signature`,
    'malformed',
    under(alg, () => nothing),
  ),
]);

const strippedSignature: readonly Vector[] = [
  refused(
    'A-02',
    'alg none with a trailing dot',
    'malformed',
    under('none', () => nothing),
  ),
  refused('A-02', 'alg none without the second dot', 'malformed', (context) =>
    under('none', () => nothing)(context).slice(0, -1),
  ),
  refused(
    'A-02',
    'ES256 with an empty signature',
    'malformed',
    under('ES256', () => nothing),
  ),
];

const otherAlgorithms: readonly Vector[] = [
  refused(
    'A-07',
    'PS256 by a key published for RS256',
    'key_unknown',
    crossed(({ world }) => world.keys.rs, 'PS256'),
  ),
  refused(
    'A-07',
    'RS512 by a key published for RS256',
    'key_unknown',
    crossed(({ world }) => world.keys.rs, 'RS512'),
  ),
  refused(
    'A-07',
    'RS256 by a key published for PS256',
    'key_unknown',
    crossed(({ world }) => world.keys.ps, 'RS256'),
  ),
  accepted(
    'A-07',
    'PS256 by an RSA key published without alg',
    crossed(({ world }) => world.keys.plainRsa, 'PS256'),
  ),
  refused('A-08', 'PS256 outside of the list of the issuer, key without alg', 'algorithm_not_allowed', (context) =>
    narrow(context, context.world.keys.plainRsa, 'PS256'),
  ),
  accepted('A-08', 'RS256 of that list', (context) => narrow(context, context.world.keys.plainRsa, 'RS256')),
];

function narrow({ good, world }: VectorContext, { kid, privateKey }: TestKey, alg: 'RS256' | 'PS256'): string {
  return good
    .from(issuerOf(world, 'narrow'))
    .header({ alg, kid })
    .signature((input) => signAs(alg, privateKey, input))
    .build();
}

const mismatches: readonly Vector[] = (
  [
    ['rs', 'ES256', 64],
    ['es', 'RS256', 64],
    ['ed', 'ES256', 64],
    ['es384', 'ES256', 64],
    ['es', 'ES384', 96],
    ['es', 'EdDSA', 64],
    ['plainEc', 'RS256', 256],
    ['plainRsa', 'Ed25519', 64],
  ] as const
).map(([name, alg, octets]) =>
  refused('A-09', `${alg} with the name of the key ${name}`, 'key_unknown', ({ good, world }) =>
    good
      .header({ alg, kid: world.keys[name].kid })
      .signature(() => randomBytes(octets))
      .build(),
  ),
);

const strangeAlgorithms: readonly (JsonValue | undefined)[] = [
  ...[256, ['RS256'], { alg: 'RS256' }, null, undefined, true, 'rs256', 'RS256 ', 'RS256\n', '"RS256"'],
  ...['toString', '__proto__', 'constructor', 'hasOwnProperty', 'length', '0'],
];
const jweAlgorithms = ['RSA-OAEP', 'RSA-OAEP-256', 'RSA1_5', 'dir', 'A256KW', 'ECDH-ES', 'PBES2-HS256+A128KW'];
const notConfigured = [
  'ESP256',
  'ESP384',
  'ES256K',
  'RS1',
  'ML-DSA-45',
  'SLH-DSA-SHA2-128s',
  'HS1',
  'Ed448',
  'Ed25519ph',
];
const lookalikes = [
  '\uff32\uff33256',
  'RS256\u200d',
  '\u200bRS256',
  'RS25\u0666',
  'Е\u0053256',
  'ES\u00b2\u2075\u2076',
];

const unsupported = (id: string) => (alg: JsonValue | undefined) =>
  refused(id, `alg ${show(alg)}`, 'algorithm_unsupported', ({ good, world }) =>
    good
      .header({ alg })
      .signature((input) => signAs('ES256', world.keys.es.privateKey, input))
      .build(),
  );

/** Table 2.A. */
export const algorithmAttacks: readonly Vector[] = [
  ...unsecured,
  ...strippedSignature,
  ...hmacConfusion,
  ...otherAlgorithms,
  ...mismatches,
  refused('A-09', 'Ed448 with the name of an Ed25519 key', 'algorithm_unsupported', ({ good }) =>
    good
      .header({ alg: 'Ed448', kid: 'ed' })
      .signature(() => randomBytes(114))
      .build(),
  ),
  accepted(
    'A-09',
    'EdDSA by a key published as Ed25519',
    crossed(({ world }) => world.keys.ed, 'EdDSA'),
  ),
  accepted(
    'A-09',
    'EdDSA by a key published as EdDSA',
    crossed(({ world }) => world.keys.edOld, 'EdDSA'),
  ),
  accepted('A-09', 'Ed25519 by a key published as EdDSA', ({ good, world }) =>
    good.signedBy({ ...world.keys.edOld, alg: 'Ed25519' }).build(),
  ),
  ...strangeAlgorithms.map(unsupported('A-10')),
  ...jweAlgorithms.map(unsupported('A-11')),
  ...notConfigured.map(unsupported('A-12')),
  refused(
    'A-12',
    'EdDSA with the name of a P-256 key',
    'key_unknown',
    crossed(({ world }) => ({ ...world.keys.ed, kid: 'es' }), 'EdDSA'),
  ),
  refused('A-13', 'alg in the unprotected header of a flattened serialization', 'malformed', ({ good }) => {
    const [, payload, signature] = good.build().split('.');
    return JSON.stringify({
      protected: encode('{"typ":"at+jwt"}'),
      header: { alg: 'ES256', kid: 'es' },
      payload,
      signature,
    });
  }),
  ...lookalikes.map(unsupported('A-14')),
];
