import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isThumbprint } from './thumbprint.js';

describe('isThumbprint', () => {
  it('R7638 is true for the example of the RFC, and for every digest', () => {
    expect(isThumbprint('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs')).toBe(true);
    for (let i = 0; i < 200; i++) {
      expect(isThumbprint(createHash('sha256').update(String(i)).digest('base64url'))).toBe(true);
    }
  });

  it.each([
    ['nothing', ''],
    ['one character less', 'A'.repeat(42)],
    ['one character more', 'A'.repeat(44)],
    ['padding', `${'A'.repeat(43)}=`],
    ['another alphabet', `${'+'.repeat(42)}A`],
    ['a second spelling of the same octets', `${'A'.repeat(42)}B`],
    ['a line end', `${'A'.repeat(43)}\n`],
  ])('is false for %s', (_, text) => {
    expect(isThumbprint(text)).toBe(false);
  });
});
