import { constants, publicEncrypt } from 'node:crypto';
import { encode } from '../builders/a-token.js';
import { accepted, refused, show, type TokenOf, type Vector, type VectorContext } from './vector.js';

const repeatedDots = [0, 1, 3, 5, 15, 16_384].map((count) =>
  refused('C-01', `${count} dots and nothing else`, 'malformed', () => '.'.repeat(count)),
);

const dots: readonly Vector[] = [
  ...repeatedDots,
  refused('C-01', 'four dots and nothing else', 'malformed', () => '....'),
  refused('C-01', 'an opaque token of five segments', 'malformed', () => 'v2.local.abc.def.ghi'),
  refused('C-01', '10^6 dots', 'oversized', () => '.'.repeat(1_000_000)),
  ...[1, 2, 4, 6].map((count) =>
    refused('C-01', `${count} segments`, 'malformed', ({ good }) => {
      const token = good.build();
      return `${token}.${token}`.split('.').slice(0, count).join('.');
    }),
  ),
  refused('C-01', 'leading dot', 'malformed', ({ good }) => `.${good.build()}`),
  refused('C-01', 'trailing dot', 'malformed', ({ good }) => `${good.build()}.`),
  refused('C-01', 'empty payload', 'malformed', ({ good }) => good.build().replace(/\..*\./, '..')),
  refused('C-01', 'empty header', 'malformed', ({ good }) => good.build().replace(/^[^.]*/, '')),
];

/** A JWE in compact form around the good token. */
function jwe(header: object, encryptedKey = ''): TokenOf {
  return ({ good }) =>
    [
      encode(JSON.stringify(header)),
      encryptedKey,
      'AAAAAAAAAAAAAAAA',
      encode(good.build()),
      'AAAAAAAAAAAAAAAAAAAAAA',
    ].join('.');
}

/** The content key, really encrypted to the issuer's published key. */
function encryptedToIssuer(context: VectorContext): string {
  const { publicKey } = context.world.keys.rs;
  const contentKey = publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING }, Buffer.alloc(32, 1));
  return jwe({ alg: 'RSA-OAEP', enc: 'A256GCM', kid: 'rs', cty: 'JWT' }, contentKey.toString('base64url'))(context);
}

const encrypted: readonly Vector[] = [
  refused('C-02', 'a JWE with dir', 'encrypted', jwe({ alg: 'dir', enc: 'A256GCM' })),
  refused('C-02', 'a JWE to the key of the issuer', 'encrypted', encryptedToIssuer),
  refused('C-02', 'a JWE around an unsecured token', 'encrypted', ({ good }) =>
    [
      encode('{"alg":"dir","enc":"A128GCM"}'),
      '',
      'AAAA',
      `${encode('{"alg":"none"}')}${encode(good.payloadText)}`,
      'AAAA',
    ].join('.'),
  ),
  refused('C-18', 'a JWE with zip', 'encrypted', jwe({ alg: 'dir', enc: 'A256GCM', zip: 'DEF' })),
  refused(
    'C-19',
    'a JWE with 2^31 - 1 rounds of PBES2',
    'encrypted',
    jwe({ alg: 'PBES2-HS256+A128KW', enc: 'A128GCM', p2c: 2 ** 31 - 1, p2s: 'AAAAAAAAAAA' }),
  ),
  refused('C-20', 'a JWE without enc', 'encrypted', jwe({ alg: 'dir' })),
  refused('C-20', 'a JWE with empty parts', 'encrypted', () => `${encode('{"alg":"dir","enc":"A128GCM"}')}....`),
  refused(
    'C-20',
    'a JWE with a bad ephemeral key',
    'encrypted',
    jwe({ alg: 'ECDH-ES', enc: 'A128GCM', epk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } }),
  ),
];

const nested: readonly Vector[] = [
  ...['JWT', 'jwt', 'application/jwt', 'Application/JWT'].map((cty) =>
    refused('C-03', `cty ${cty} around a token`, 'nested', ({ good }) =>
      good.header({ cty }).rawPayload(good.build()).build(),
    ),
  ),
  refused('C-03', 'cty JWT with claims after all', 'nested', ({ good }) => good.header({ cty: 'JWT' }).build()),
  refused('C-03', 'a token around a token without cty', 'malformed', ({ good }) =>
    good.rawPayload(good.build()).build(),
  ),
  refused('C-03', 'a token around a quoted token', 'malformed', ({ good }) =>
    good.rawPayload(JSON.stringify(good.build())).build(),
  ),
  refused('C-03', 'cty that is not a string', 'header_invalid', ({ good }) => good.header({ cty: ['JWT'] }).build()),
  accepted('C-03', 'cty of something else', ({ good }) => good.header({ cty: 'json' }).build()),
];

const serializations: readonly Vector[] = [
  refused('C-04', 'flattened JSON serialization', 'malformed', ({ good }) => {
    const [header, payload, signature] = good.build().split('.');
    return JSON.stringify({ protected: header, payload, signature });
  }),
  refused('C-04', 'general JSON serialization with two signatures', 'malformed', ({ good }) => {
    const [header, payload, signature] = good.build().split('.');
    const entry = { protected: header, signature };
    return JSON.stringify({ payload, signatures: [entry, entry] });
  }),
  refused('C-04', 'JSON with a compact token inside', 'malformed', ({ good }) => {
    const [header, payload, signature] = good.build().split('.');
    return `{" ${header}.":"x","${payload}.${signature}":"","payload":"${encode('{}')}"}`;
  }),
  refused('C-04', 'JSON array of tokens', 'malformed', ({ good }) => JSON.stringify([good.build()])),
];

/** Puts `text` into the middle of one segment. */
function into(segment: 0 | 1 | 2, text: string): TokenOf {
  return ({ good }) => {
    const segments = good.build().split('.');
    const middle = Math.floor(segments[segment]!.length / 2);
    segments[segment] = segments[segment]!.slice(0, middle) + text + segments[segment]!.slice(middle);
    return segments.join('.');
  };
}

const foreignCharacters = ['+', '/', '=', '\r\n', '\n', '\t', ' ', '\0', '%', '\u0100', '\u212a', '{', '"'];

const alphabet: readonly Vector[] = [
  ...foreignCharacters.flatMap((text) =>
    ([0, 1, 2] as const).map((segment) =>
      refused('C-05', `${show(text)} in segment ${segment}`, 'malformed', into(segment, text)),
    ),
  ),
  ...[0, 1, 2].map((segment) =>
    refused('C-05', `padding after segment ${segment}`, 'malformed', ({ good }) =>
      good
        .build()
        .split('.')
        .map((part, i) => (i === segment ? `${part}==` : part))
        .join('.'),
    ),
  ),
  refused('C-05', 'dots as %2E', 'malformed', ({ good }) => good.build().replaceAll('.', '%2E')),
  refused('C-05', 'BOM before the header', 'malformed', ({ good }) => `\ufeff${good.build()}`),
  refused('C-05', 'plain base64 alphabet, signed so', 'malformed', ({ good }) =>
    good
      .with({ note: '\u00ff\u00fe???>>>' })
      .build()
      .replace(/^[^.]*\.[^.]*/, (input) => Buffer.from(input, 'utf8').toString('base64')),
  ),
];

/** Other texts that a lenient decoder takes for the same token. */
const wrappings: readonly (readonly [string, (token: string) => string])[] = [
  ['Bearer prefix', (token) => `Bearer ${token}`],
  ['quotes', (token) => `"${token}"`],
  ['line end', (token) => `${token}\r\n`],
  ['leading space', (token) => ` ${token}`],
  ['trailing space', (token) => `${token} `],
  ['%20', (token) => `${token}%20`],
];

const bodies = [
  ...['eyJhbGciOiJFUzI1NiJ9.e30.AAAA~WyJzYWx0IiwiYSIsMV0~', 'v4.public.eyJzdWIiOiJhbGljZSJ9AAAA', 'v2.local.AAAA'],
  ...['2D3DhEOhASag', 'MDAxY2xvY2F0aW9uIGV4YW1wbGUuY29tCg', 'SlAV32hkKG', '<saml:Assertion/>', '{}', '[]', 'null', '0'],
];

/** Table 2.C, rows about segments and alphabet. */
export const structureAttacks: readonly Vector[] = [
  ...dots,
  ...encrypted,
  ...nested,
  ...serializations,
  ...alphabet,
  refused('C-17', 'detached payload', 'malformed', ({ good }) => good.build().replace(/\.[^.]+\./, '..')),
  ...wrappings.map(([name, wrap]) => refused('C-21', name, 'malformed', ({ good }) => wrap(good.build()))),
  refused(
    'C-21',
    'comma list, whose periods count as those of a JWE',
    'encrypted',
    ({ good }) => `${good.build()},${good.build()}`,
  ),
  ...bodies.map((body) => refused('C-22', show(body), 'malformed', () => body)),
];
