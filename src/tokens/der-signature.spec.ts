import fc from 'fast-check';
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { derSignature } from './der-signature.js';

const hex = (signature: string): string => Buffer.from(derSignature(Buffer.from(signature, 'hex'))).toString('hex');

describe('derSignature', () => {
  it.each([
    ['0001', '0002', '3006020101020102'],
    ['007f', '0080', '300702017f02020080'],
    ['00ff', 'ffff', '3009020200ff020300ffff'],
    ['0000', '0000', '3006020100020100'],
  ])('X.690 writes %s and %s as %s', (r, s, der) => {
    expect(hex(r + s)).toBe(der);
  });

  it('X.690 §8.1.3.5 writes a long length in two octets', () => {
    const half = 'ff'.repeat(66);
    expect(hex(half + half)).toBe(`30818a024300${half}024300${half}`);
  });

  it.each([
    ['P-256', 32],
    ['P-384', 48],
    ['P-521', 66],
  ])('writes for %s what others read as the same two numbers', (namedCurve, octets) => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
    const data = Buffer.from('what is signed');
    for (let i = 0; i < 20; i++) {
      const signature = sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' });
      expect(verify('sha256', data, publicKey, derSignature(signature))).toBe(true);
    }
    const numbers = fc.uint8Array({ minLength: 2 * octets, maxLength: 2 * octets });
    fc.assert(
      fc.property(numbers, (signature) => {
        const [r, s] = integersOf(Buffer.from(derSignature(signature)));
        expect([r, s]).toEqual([numberOf(signature.subarray(0, octets)), numberOf(signature.subarray(octets))]);
      }),
    );
  });
});

/** Reads `SEQUENCE { INTEGER, INTEGER }`, and refuses what is not in the shortest form. */
function integersOf(der: Buffer): readonly bigint[] {
  const [head, length] = der[1]! < 0x80 ? [2, der[1]!] : [3, der[2]!];
  expect([der[0], head + length]).toEqual([0x30, der.length]);
  expect(head === 3).toBe(length >= 0x80);
  const found: bigint[] = [];
  for (let at = head; at < der.length; at += 2 + der[at + 1]!) {
    const digits = der.subarray(at + 2, at + 2 + der[at + 1]!);
    expect([der[at], digits[0]! < 0x80]).toEqual([0x02, true]);
    expect(digits.length === 1 || digits[0] !== 0 || digits[1]! >= 0x80).toBe(true);
    found.push(numberOf(digits));
  }
  expect(found).toHaveLength(2);
  return found;
}

function numberOf(octets: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(octets).toString('hex')}`);
}
