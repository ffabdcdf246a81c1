import { expect, it } from 'vitest';
import { LONGEST_STATE, MOST_ISSUERS, readIssuerStates, writeIssuerStates } from './replica-states.js';

const proofs = Array.from({ length: 12 }, (_, i) => 300 * (i + 1));
const failing = {
  state: 'STALE',
  ageMs: 1_234_567,
  fence: 1_234,
  digest: 'AbC_-123456',
  lastFailure: { category: 'timeout', atMs: 1_795_262_400_000, host: 'a.example', stage: 'connect' },
  nextLookInMs: 30_000,
  earlierProofsAgoS: proofs,
} as const;

it('the states of as many issuers as are reported can be read, all of them failing, and lose how old their keys were first', () => {
  const states = (count: number) => new Map(Array.from({ length: count }, (_, i) => [`i${i}`, failing]));
  const few = readIssuerStates('r', Buffer.from(writeIssuerStates({ issuers: states(10) })));
  expect(few?.issuers.get('i9')).toEqual(failing);
  const text = writeIssuerStates({ issuers: states(MOST_ISSUERS) });
  expect(text.length).toBeLessThanOrEqual(LONGEST_STATE);
  const all = readIssuerStates('r', Buffer.from(text))?.issuers;
  const short = { ...failing, earlierProofsAgoS: undefined };
  expect([all?.size, all?.get('i999')]).toEqual([MOST_ISSUERS, short]);
});
