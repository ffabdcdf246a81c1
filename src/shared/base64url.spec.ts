import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64Url } from './base64url.js';

describe('decodeBase64Url', () => {
  it('takes back what the encoder writes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (octets) => {
        expect(decodeBase64Url(Buffer.from(octets).toString('base64url'))).toEqual(Buffer.from(octets));
      }),
    );
  });

  it('takes one spelling of each octet sequence, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (text) => {
        const octets = decodeBase64Url(text);
        if (octets) expect(octets.toString('base64url')).toBe(text);
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    'AB',
    'AAB',
    'A',
    'AAAAA',
    'AA==',
    'AAA=',
    'A+AA',
    'A/AA',
    ' AAA',
    'AAA ',
    'AA\nA',
    'AA\u0100A',
    'AA.A',
    'AA%A',
    'A\0AA',
  ])('C-06 refuses %j', (text) => {
    expect(decodeBase64Url(text)).toBeUndefined();
  });
});
