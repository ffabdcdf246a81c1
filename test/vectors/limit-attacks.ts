import type { TokenBuilder } from '../builders/a-token.js';
import { accepted, refused, type Vector } from './vector.js';

/** `{"a":{"a":…}}` or `[[…]]`, this deep. */
function deep(open: string, close: string, depth: number): string {
  return open.repeat(depth) + '1' + close.repeat(depth);
}

const nestings: readonly (readonly [string, string, string])[] = [
  ['arrays', '[', ']'],
  ['objects', '{"a":', '}'],
];

/** Adds one member to the end of an object's text. */
function also(text: string, member: string): string {
  return `${text.slice(0, -1)},${member}}`;
}

const depth: readonly Vector[] = nestings.flatMap(([kind, open, close]) => [
  accepted('C-12', `payload with ${kind} 10 deep`, ({ good }) =>
    good.rawPayload(also(good.payloadText, `"x":${deep(open, close, 10)}`)).build(),
  ),
  accepted('C-12', `header with ${kind} 10 deep`, ({ good }) =>
    good.rawHeader(also(good.headerText, `"x":${deep(open, close, 10)}`)).build(),
  ),
  accepted('C-12', `payload at the limit, ${kind}`, ({ good }) =>
    good.rawPayload(also(good.payloadText, `"x":${deep(open, close, 31)}`)).build(),
  ),
  refused('C-12', `payload above the limit, ${kind}`, 'malformed', ({ good }) =>
    good.rawPayload(also(good.payloadText, `"x":${deep(open, close, 32)}`)).build(),
  ),
  ...[100, 1000].flatMap((levels) => [
    refused('C-12', `payload with ${kind} ${levels} deep`, 'malformed', ({ good }) =>
      good.rawPayload(also(good.payloadText, `"x":${deep(open, close, levels)}`)).build(),
    ),
    refused('C-12', `header with ${kind} ${levels} deep`, 'malformed', ({ good }) =>
      good.rawHeader(also(good.headerText, `"x":${deep(open, close, levels)}`)).build(),
    ),
  ]),
  ...[10_000, 1_000_000].map((levels) =>
    refused('C-12', `payload with ${kind} ${levels} deep`, 'oversized', ({ good }) =>
      good.rawPayload(deep(open, close, levels)).build(),
    ),
  ),
  refused('B-08', `kid of ${kind} 1000 deep`, 'malformed', ({ good }) =>
    good.rawHeader(`{"alg":"ES256","kid":${deep(open, close, 1000)}}`).build(),
  ),
]);

const members = (count: number) => Array.from({ length: count }, (_, i) => `"${i.toString(36)}":0`).join(',');

const numbers: readonly Vector[] = [
  accepted('C-13', '900 members', ({ good }) => good.rawPayload(also(good.payloadText, members(900))).build()),
  refused('C-13', '1001 members', 'malformed', ({ good }) =>
    good.rawPayload(also(good.payloadText, members(1001))).build(),
  ),
  refused('C-13', '10^5 members', 'oversized', ({ good }) =>
    good.rawPayload(also(good.payloadText, members(100_000))).build(),
  ),
  refused('C-13', 'integer of 10^4 digits', 'malformed', ({ good }) =>
    good.rawPayload(also(good.payloadText, `"x":${'9'.repeat(10_000)}`)).build(),
  ),
  refused('C-13', 'integer of 10^6 digits', 'oversized', ({ good }) =>
    good.rawPayload(also(good.payloadText, `"x":${'9'.repeat(1_000_000)}`)).build(),
  ),
  refused('C-13', '1e999999', 'malformed', ({ good }) =>
    good.rawPayload(also(good.payloadText, '"x":1e999999')).build(),
  ),
  refused('C-13', 'fraction of 10^4 digits', 'malformed', ({ good }) =>
    good.rawPayload(also(good.payloadText, `"x":0.${'1'.repeat(10_000)}`)).build(),
  ),
  refused('C-13', 'exponent of 10^4 digits', 'malformed', ({ good }) =>
    good.rawPayload(also(good.payloadText, `"x":1e${'0'.repeat(10_000)}1`)).build(),
  ),
  accepted('C-13', 'integer beyond 2^53 in a claim of its own', ({ good }) =>
    good.rawPayload(also(good.payloadText, '"x":18446744073709551615')).build(),
  ),
];

/** Names whose hashes collide in a naive table: same sum of letters, permuted. */
const collidingNames = ['Aa', 'BB'].flatMap((a) =>
  ['Aa', 'BB'].flatMap((b) => ['Aa', 'BB'].flatMap((c) => ['Aa', 'BB'].map((d) => a + b + c + d))),
);

const sizes: readonly Vector[] = [
  accepted('C-13', 'names whose simple hashes collide', ({ good }) =>
    good.rawPayload(also(good.payloadText, collidingNames.map((name) => `"${name}":0`).join(','))).build(),
  ),
  refused('C-14', 'one character', 'malformed', () => 'e'),
  accepted('C-14', 'exactly at the limit', ({ good }) => ofLength(16_384, good)),
  refused('C-14', 'one character above the limit', 'oversized', ({ good }) => ofLength(16_384, good) + 'A'),
  refused('C-14', '1 MiB', 'oversized', ({ good }) => good.with({ padding: 'x'.repeat(1 << 20) }).build()),
  refused('C-14', '100 MiB', 'oversized', () => 'x'.repeat(100 << 20)),
  refused('C-14', 'a header alone above the limit', 'oversized', ({ good }) =>
    good.header({ padding: 'x'.repeat(20_000) }).build(),
  ),
];

/** The token with as much padding in header and payload as it takes, to the character. */
function ofLength(characters: number, good: TokenBuilder): string {
  const start = Math.floor((characters * 3) / 4) - 400;
  for (const note of ['', 'x', 'xx', 'xxx']) {
    for (let length = start; length < start + 200; length++) {
      const token = good
        .header({ note })
        .with({ padding: 'x'.repeat(length) })
        .build();
      if (token.length === characters) return token;
    }
  }
  throw new Error('no padding makes this length');
}

/** Table 2.C, rows about size, and B-08's deep one. */
export const limitAttacks: readonly Vector[] = [...depth, ...numbers, ...sizes];
