import { describe, expect, it } from 'vitest';
import { namesOf } from './certificate-names.js';
import { objectIdentifier, readDer, readOne } from './der.js';

describe('readDer', () => {
  it('reads short and long lengths', () => {
    const long = Buffer.concat([Buffer.from([0x04, 0x82, 0x01, 0x00]), Buffer.alloc(256)]);
    const elements = readDer(Buffer.concat([Buffer.from([0x05, 0x00]), long]));
    expect(elements.map(({ tag, content }) => [tag, content.length])).toEqual([
      [5, 0],
      [4, 256],
    ]);
  });

  it.each([
    [[0x30]],
    [[0x30, 0x02, 0x00]],
    [[0x30, 0x80, 0, 0]],
    [[0x1f, 0x81, 0x01, 0]],
    [[0x04, 0x85, 1, 1, 1, 1, 1]],
    [[0x04, 0x84, 0xff, 0xff, 0xff, 0xff]],
  ])('refuses %j', (octets) => {
    expect(() => readDer(Buffer.from(octets))).toThrow(RangeError);
  });

  it('readOne refuses nothing and several', () => {
    expect(() => readOne(Buffer.alloc(0))).toThrow(RangeError);
    expect(() => readOne(Buffer.from([5, 0, 5, 0]))).toThrow(RangeError);
  });
});

describe('objectIdentifier', () => {
  it.each([
    ['550403', '2.5.4.3'],
    ['0992268993f22c640119', '0.9.2342.19200300.100.1.25'],
    ['2a864886f70d010901', '1.2.840.113549.1.9.1'],
    ['883703', '2.999.3'],
  ])('reads %s as %s', (hex, dotted) => {
    expect(objectIdentifier(Buffer.from(hex, 'hex'))).toBe(dotted);
  });
});

describe('namesOf', () => {
  it.each(['', '00', '3000', '30023000', '300c300a0201010201010201010201'])(
    'refuses %j, which is no certificate',
    (hex) => {
      expect(() => namesOf(Buffer.from(hex, 'hex'))).toThrow(RangeError);
    },
  );
});
