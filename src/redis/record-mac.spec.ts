import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordMac } from './record-mac.js';

const key = { id: 'k1', secret: 'a-record-key-for-tests-0123456789' };
const mac = new RecordMac('https://assay.example', [key]);

describe('RecordMac', () => {
  it('believes what it sealed', () => {
    expect(mac.check('l/1', ['a', 'b'], mac.seal('l/1', ['a', 'b']))).toBe('genuine');
  });

  it('G-05 has another code for any other list of parts, however alike', () => {
    const parts = fc.array(fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom('', ':', '1:', '1:a', 'a:b')), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        expect(mac.seal('l/1', one).code).not.toBe(mac.seal('l/1', other).code);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['another label', mac, 'l/2', ['a']],
    ['another environment', new RecordMac('https://staging.example', [key]), 'l/1', ['a']],
    [
      'another secret of the same name',
      new RecordMac('https://assay.example', [{ ...key, secret: 'x' }]),
      'l/1',
      ['a'],
    ],
    ['other parts', mac, 'l/1', ['b']],
    ['no parts', mac, 'l/1', []],
  ])('takes what was sealed for a forgery under %s', (_what, checker, label, parts) => {
    expect(checker.check(label, parts, mac.seal('l/1', ['a']))).toBe('forged');
  });

  it.each([
    ['short', 'r', 'a'],
    ['as long as a block', 'r'.repeat(64), 'a'],
    ['longer than a block', 'r'.repeat(65), 'a'],
    ['short, of a text that just fits', 'r', 'ü'.repeat(4_000)],
    ['short, of a text that does not', 'r', 'ü'.repeat(5_000)],
  ])('makes HMAC-SHA-256 of all parts with their lengths, with a key that is %s', (_what, secret, text) => {
    const sealing = new RecordMac('e', [{ id: 'k', secret }]);
    const octets = Buffer.from(text);
    const whole = `3:l/11:e1:k${octets.length}:${text}2:::`;
    const { code } = sealing.seal('l/1', [octets, '::']);
    expect(code).toBe(createHmac('sha256', secret).update(whole).digest('base64url'));
    expect(sealing.codes('l/1', [text, Buffer.from('::')])).toEqual([Buffer.from(code, 'base64url')]);
  });

  it('takes a code for a forgery that has the right one in the lower half of its characters', () => {
    const { code } = mac.seal('l/1', ['a']);
    const alike = String.fromCharCode(code.charCodeAt(0) + 0x100) + code.slice(1);
    expect(mac.check('l/1', ['a'], { keyId: 'k1', code: alike })).toBe('forged');
  });

  it.each(['', 'A', 'A'.repeat(43), 'ü'.repeat(43)])('takes the code %j for a forgery', (code) => {
    expect(mac.check('l/1', ['a'], { keyId: 'k1', code })).toBe('forged');
  });

  it('takes padding for a forgery: a code has one spelling', () => {
    const { code } = mac.seal('l/1', ['a']);
    expect(mac.check('l/1', ['a'], { keyId: 'k1', code: `${code}=` })).toBe('forged');
  });

  it('distinguishes a key that it does not have from a forgery', () => {
    expect(mac.check('l/1', ['a'], { keyId: 'k2', code: 'x' })).toBe('unknown_key');
    expect(mac.check('l/1', ['a'], { keyId: '__proto__', code: 'x' })).toBe('unknown_key');
  });

  it('cannot be made without a key', () => {
    expect(() => new RecordMac('', [])).toThrow(TypeError);
  });
});
