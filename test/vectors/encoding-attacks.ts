import type { JsonValue } from '../../src/shared/json-value.js';
import { signAs } from '../builders/sign.js';
import { encode, type TokenBuilder } from '../builders/a-token.js';
import { accepted, refused, show, type TokenOf, type Vector } from './vector.js';

const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The same octets in another spelling: the unused bits of the last character set. The length decides how many there are. */
function respelled(segment: string): string {
  const last = base64url.indexOf(segment.at(-1)!);
  return segment.slice(0, -1) + base64url[last + 1]!;
}

/** A builder whose header or payload is not a multiple of three octets, so that there are unused bits. */
function ragged(good: TokenBuilder, text: (builder: TokenBuilder) => string): TokenBuilder {
  return [good, good.header({ a: 1 }).with({ a: 1 }), good.header({ a: 12 }).with({ a: 12 })].find(
    (builder) => Buffer.byteLength(text(builder)) % 3 !== 0,
  )!;
}

const spelling: readonly Vector[] = [
  refused('C-06', 'unused bits of the signature', 'malformed', ({ good }) => {
    const [header, payload, signature] = good.build().split('.');
    return [header, payload, respelled(signature!)].join('.');
  }),
  ...(['kept', 'made again'] as const).flatMap((signature) => [
    refused('C-06', `unused bits of the header, signature ${signature}`, 'malformed', ({ good, world }) => {
      const [header, payload, original] = ragged(good, (builder) => builder.headerText)
        .build()
        .split('.');
      const input = `${respelled(header!)}.${payload!}`;
      return `${input}.${signature === 'kept' ? original! : encode(signAs('ES256', world.keys.es.privateKey, input))}`;
    }),
    refused('C-06', `unused bits of the payload, signature ${signature}`, 'malformed', ({ good, world }) => {
      const [header, payload, original] = ragged(good, (builder) => builder.payloadText)
        .build()
        .split('.');
      const input = `${header!}.${respelled(payload!)}`;
      return `${input}.${signature === 'kept' ? original! : encode(signAs('ES256', world.keys.es.privateKey, input))}`;
    }),
  ]),
  ...[0, 1, 2].map((index) =>
    refused('C-06', `impossible length of segment ${index}`, 'malformed', ({ good }) =>
      good
        .build()
        .split('.')
        .map((segment, i) => (i === index ? segment.padEnd(Math.ceil(segment.length / 4) * 4 + 1, 'A') : segment))
        .join('.'),
    ),
  ),
];

const notObjects = ['[]', '"x"', '1', 'null', 'true', ' ', '[{"alg":"ES256","kid":"es"}]'];
const notJson = [
  ...[
    '{"alg":"ES256"}garbage',
    '{"alg":"ES256",}',
    '{"alg":"ES256"/**/}',
    "{'alg':'ES256'}",
    '{"alg":NaN}',
    '{alg:"ES256"}',
  ],
  ...[
    '{"alg":"ES256"',
    '{"alg":"ES256"}{"alg":"ES256"}',
    '{"alg":"ES\n256"}',
    '{"alg":"\\x45S256"}',
    '{"alg":"ES256","n":01}',
  ],
  ...[
    '{"n":+1}',
    '{"n":.5}',
    '{"n":5.}',
    '{"n":0x10}',
    '{"n":Infinity}',
    '{"a":tru}',
    '{,}',
    '{"a"}',
    '{"a":}',
    '{1:2}',
  ],
];

const headers: readonly Vector[] = [
  ...notObjects.map((text) =>
    refused('C-07', `header ${show(text)}`, 'malformed', ({ good }) => good.rawHeader(text).build()),
  ),
  ...notJson.map((text) =>
    refused('C-07', `header ${show(text)}`, 'malformed', ({ good }) => good.rawHeader(text).build()),
  ),
  refused('C-07', 'header {}', 'algorithm_unsupported', ({ good }) => good.rawHeader('{}').build()),
];

const cbor = Buffer.from('a26373756265616c69636563697373636d65', 'hex');

const payloads: readonly Vector[] = [
  ...notObjects.map((text) =>
    refused('C-08', `payload ${show(text)}`, 'malformed', ({ good }) => good.rawPayload(text).build()),
  ),
  ...notJson.map((text) =>
    refused('C-08', `payload ${show(text)}`, 'malformed', ({ good }) => good.rawPayload(text).build()),
  ),
  refused('C-08', 'good claims inside an array', 'malformed', ({ good }) =>
    good.rawPayload(`[${good.payloadText}]`).build(),
  ),
  refused('C-08', 'raw text', 'malformed', ({ good }) => good.rawPayload('alice').build()),
  refused('C-08', 'CBOR', 'malformed', ({ good }) => good.rawPayload(cbor).build()),
];

/** Adds members to the end of an object's text, whatever is in it already. */
function also(text: string, members: string): string {
  return `${text.slice(0, -1)},${members}}`;
}

const duplicates: readonly Vector[] = [
  ...[
    '"alg":"ES256"',
    '"kid":"es"',
    '"typ":"at+jwt"',
    '"\\u0061lg":"ES256"',
    '"x":{"a":1,"a":1}',
    '"y":[{"b":[{"c":1,"\\u0063":2}]}]',
  ].map((members) =>
    refused('C-09', `header with a second ${members}`, 'malformed', ({ good }) =>
      good.rawHeader(also(good.headerText, members)).build(),
    ),
  ),
  ...[
    '"iss":"https://login.corp.example"',
    '"exp":9999999999',
    '"aud":"x"',
    '"sub":"alice"',
    '"\\u0069ss":"x"',
    '"x":{"__proto__":1,"__proto__":1}',
  ].map((members) =>
    refused('C-09', `payload with a second ${members}`, 'malformed', ({ good }) =>
      good.rawPayload(also(good.payloadText, members)).build(),
    ),
  ),
];

const invalidUtf8: readonly (readonly [string, Buffer])[] = [
  ['overlong slash', Buffer.from([0xc0, 0xaf])],
  ['lone surrogate', Buffer.from([0xed, 0xa0, 0x80])],
  ['truncated sequence', Buffer.from([0xe2, 0x82])],
  ['stray continuation', Buffer.from([0x80])],
  ['beyond U+10FFFF', Buffer.from([0xf5, 0x80, 0x80, 0x80])],
];

/** The text with octets in the place of `alice` or `at+jwt`. */
function tainted(text: string, octets: Buffer): Buffer {
  const marked = Buffer.from(text.replace(/alice|at\+jwt/, '\u0001'));
  const at = marked.indexOf(1);
  return Buffer.concat([marked.subarray(0, at), octets, marked.subarray(at + 1)]);
}

const encodings: readonly Vector[] = [
  ...invalidUtf8.flatMap(([name, octets]) => [
    refused('C-10', `${name} in the header`, 'malformed', ({ good }) =>
      good.rawHeader(tainted(good.headerText, octets)).build(),
    ),
    refused('C-10', `${name} in the payload`, 'malformed', ({ good }) =>
      good.rawPayload(tainted(good.payloadText, octets)).build(),
    ),
  ]),
  refused('C-10', 'UTF-16', 'malformed', ({ good }) =>
    good.rawPayload(Buffer.from(good.payloadText, 'utf16le')).build(),
  ),
  refused('C-10', 'UTF-16 with BOM', 'malformed', ({ good }) =>
    good.rawPayload(Buffer.from(`\ufeff${good.payloadText}`, 'utf16le')).build(),
  ),
  refused('C-10', 'UTF-32', 'malformed', ({ good }) =>
    good
      .rawPayload(Buffer.concat(Array.from(good.payloadText, (letter) => Buffer.from([0, 0, 0, letter.charCodeAt(0)]))))
      .build(),
  ),
  refused('C-10', 'BOM', 'malformed', ({ good }) => good.rawPayload(`\ufeff${good.payloadText}`).build()),
  refused('C-10', 'BOM in the header', 'malformed', ({ good }) => good.rawHeader(`\ufeff${good.headerText}`).build()),
];

const escapes: readonly Vector[] = [
  ...['\\ud800', '\\udc00', '\\udc00\\ud800', '\\ud800a'].flatMap((escape) => [
    refused('C-11', `${escape} in iss`, 'malformed', ({ good }) =>
      good.rawPayload(good.payloadText.replace('corp', escape)).build(),
    ),
    refused('C-11', `${escape} in sub`, 'malformed', ({ good }) =>
      good.rawPayload(good.payloadText.replace('alice', escape)).build(),
    ),
  ]),
  refused('C-11', 'NUL in iss', 'claim_malformed', ({ good }) =>
    good.with({ iss: 'https://login.corp.example\0.evil' }).build(),
  ),
  accepted('C-11', 'NUL in sub is a letter like others', ({ good }) => good.with({ sub: 'ali\0ce' }).build()),
  accepted('C-11', 'surrogate pairs', ({ good }) =>
    good.rawPayload(good.payloadText.replace('alice', '\\ud83d\\ude00')).build(),
  ),
];

/** The good token with `crit`, and what else it takes. */
function critical(crit: JsonValue, members: Record<string, JsonValue> = {}): TokenOf {
  return ({ good }) => good.header({ ...members, crit }).build();
}

const extensions: readonly Vector[] = [
  ...(
    [[], ['exp'], ['b64'], ['x'], ['alg'], 'exp', null, {}, [1], [['x']], ['x', 'x'], false] as readonly JsonValue[]
  ).map((crit) => refused('C-15', `crit ${show(crit)}`, 'critical_extension', critical(crit))),
  refused('C-15', 'crit of a member that is there', 'critical_extension', critical(['x'], { x: 1 })),
  refused('C-15', 'crit of exp, and exp is there', 'critical_extension', critical(['exp'], { exp: 1 })),
  refused('C-16', 'b64 false with crit', 'critical_extension', critical(['b64'], { b64: false })),
  refused('C-16', 'b64 true with crit', 'critical_extension', critical(['b64'], { b64: true })),
  ...[false, 'false', 0, null].map((b64) =>
    refused('C-16', `b64 ${show(b64)} without crit`, 'critical_extension', ({ good }) => good.header({ b64 }).build()),
  ),
  accepted('C-16', 'b64 true without crit says nothing', ({ good }) => good.header({ b64: true }).build()),
  refused('C-16', 'an unencoded payload with dots', 'malformed', ({ good }) => {
    const [header, , signature] = good
      .header({ b64: false, crit: ['b64'] })
      .build()
      .split('.');
    return `${header!}.a.b.c.d.${signature!}`;
  }),
  refused('C-18', 'zip in a JWS', 'malformed', ({ good }) => good.header({ zip: 'DEF' }).build()),
];

const otherSpellings: readonly Vector[] = [
  accepted('C-23', 'white space in the header, signed so', ({ good }) =>
    good.rawHeader(good.headerText.replaceAll(',', ' ,\n\t')).build(),
  ),
  accepted('C-23', 'members in another order, signed so', ({ good }) =>
    good.rawHeader('{"typ":"at+jwt","kid":"es","alg":"ES256"}').build(),
  ),
  accepted('C-23', 'unknown header members', ({ good }) => good.header({ foo: 1, bar: { baz: [] } }).build()),
  refused('C-23', 'white space added after signing', 'signature_invalid', ({ good }) =>
    good.build().replace(/^[^.]*/, encode(good.headerText.replaceAll(',', ', '))),
  ),
];

/** Table 2.C, rows about base64url, JSON and header extensions. */
export const encodingAttacks: readonly Vector[] = [
  ...[spelling, headers, payloads, duplicates, encodings, escapes, extensions, otherSpellings].flat(),
];
