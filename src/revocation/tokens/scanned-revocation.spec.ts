import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DIGEST_BYTES } from './digest-table.js';
import type { Revocation } from './revocation.js';
import { scanRevocation } from './scanned-revocation.js';
import { readRevocation, writeRevocation } from './written-revocation.js';

const second = fc.oneof(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.constantFrom(0, 9, 10, 2 ** 32 - 1));
const decision: fc.Arbitrary<Revocation> = fc.record({
  issuerId: fc.stringMatching(/^[ -!#-[\]-~]*$/),
  kind: fc.constantFrom('token' as const, 'session' as const),
  digest: fc.uint8Array({ minLength: DIGEST_BYTES, maxLength: DIGEST_BYTES }).map((bytes) => Buffer.from(bytes)),
  before: fc.constant(0),
  verdict: fc.constantFrom('revoked' as const, 'allowed' as const),
  at: second,
  until: second,
});

/** As it stands in an entry, behind a seal. */
function scan(text: string): Revocation | undefined {
  const head = 'a seal ';
  return scanRevocation(Buffer.from(head + text), head.length);
}

describe('scanRevocation', () => {
  it('reads every decision about a token or a session as it is written', () => {
    fc.assert(
      fc.property(decision, (each) => {
        expect(scan(writeRevocation(each))).toEqual(each);
      }),
    );
  });

  it('never reads anything that is read otherwise as a whole, whatever was changed in it', () => {
    const piece = fc.constantFrom('"', '\\', ',', '[', ']', '0', '9', '-', '_', '=', ' ', 'é', '\u0000', 'e', '.', '');
    const changed = fc.record({
      each: decision,
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      cut: fc.nat(3),
      piece,
    });
    fc.assert(
      fc.property(changed, ({ each, at, cut, piece: other }) => {
        const text = writeRevocation(each);
        const place = Math.floor(at * text.length);
        const odd = text.slice(0, place) + other + text.slice(place + cut);
        const scanned = scan(odd);
        if (scanned) expect(scanned).toEqual(readRevocation(odd));
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    ['a cut-off', '["subject","corp","AAAAAAAAAAAAAAAAAAAAAA","revoked",1,2,3,"r","b"]'],
    ['a name that has to be unquoted', String.raw`["token","a\"b","AAAAAAAAAAAAAAAAAAAAAA","revoked",1,2]`],
    ['a name of several bytes', '["token","é","AAAAAAAAAAAAAAAAAAAAAA","revoked",1,2]'],
    ['a second too late', '["token","corp","AAAAAAAAAAAAAAAAAAAAAA","revoked",1,4294967296]'],
    ['a zero too many', '["token","corp","AAAAAAAAAAAAAAAAAAAAAA","revoked",01,2]'],
    ['no second', '["token","corp","AAAAAAAAAAAAAAAAAAAAAA","revoked",,2]'],
    ['more than there should be', '["token","corp","AAAAAAAAAAAAAAAAAAAAAA","revoked",1,2]]'],
    ['nothing', ''],
  ])('leaves %s to others', (_what, text) => {
    expect(scan(text)).toBeUndefined();
  });
});
