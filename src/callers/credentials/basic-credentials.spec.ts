import { describe, expect, it } from 'vitest';
import { hasControlCharacter, readBasicCredentials } from './basic-credentials.js';

const encoded = (text: string | Buffer) => Buffer.from(text).toString('base64');

describe('readBasicCredentials', () => {
  it('R6749-02 form-decodes id and secret after splitting at the first colon', () => {
    expect(readBasicCredentials(encoded('a%3Ab:p%25%2B+%2F%C3%A9%E2%82%AC'))[0]).toEqual({
      clientId: 'a:b',
      secret: 'p%+ /é€',
    });
  });

  it('R6749-02 decodes the example of RFC 6749 appendix B', () => {
    expect(readBasicCredentials(encoded('id:+%25%26%2B%C2%A3%E2%82%AC'))[0]?.secret).toBe(' %&+£€');
  });

  it('R6749-03 has one reading where decoding changes nothing, and a raw second one where it does', () => {
    expect(readBasicCredentials(encoded('orders:A-Z._~09'))).toEqual([{ clientId: 'orders', secret: 'A-Z._~09' }]);
    expect(readBasicCredentials(encoded('orders:a+b'))).toEqual([
      { clientId: 'orders', secret: 'a b' },
      { clientId: 'orders', secret: 'a+b' },
    ]);
  });

  it('R6749-04 reads a malformed percent-encoding only as it is', () => {
    expect(readBasicCredentials(encoded('orders:%zz'))).toEqual([{ clientId: 'orders', secret: '%zz' }]);
    expect(readBasicCredentials(encoded('orders:%c0%ae'))).toEqual([{ clientId: 'orders', secret: '%c0%ae' }]);
  });

  it('R6749-05 splits at the first colon and has no reading without one', () => {
    expect(readBasicCredentials(encoded('a:b:c'))).toEqual([{ clientId: 'a', secret: 'b:c' }]);
    expect(readBasicCredentials(encoded('orders'))).toEqual([]);
    expect(readBasicCredentials('')).toEqual([]);
  });

  it.each(['a:b\0c', 'a:b\r\nc', 'a\x7fb:c', 'a:b\x80c', 'a\t:c'])(
    'R6749-05 refuses control characters in %j',
    (text) => {
      expect(readBasicCredentials(encoded(text))).toEqual([]);
    },
  );

  it('R6749-05 refuses encoded control characters, and takes what was written for what it is', () => {
    expect(readBasicCredentials(encoded('a:b%00c'))).toEqual([{ clientId: 'a', secret: 'b%00c' }]);
  });

  it.each(['YTpi!', 'YTpiYw', 'YTpi===', 'YT pi', 'YTp-', '=', 'YTpi\n', 'YTpiY==='])(
    'H-16 refuses %j, which is not base64',
    (text) => {
      expect(readBasicCredentials(text)).toEqual([]);
    },
  );

  it('H-16 refuses octets that are not UTF-8', () => {
    expect(readBasicCredentials(encoded(Buffer.from([0x61, 0x3a, 0xff, 0xfe])))).toEqual([]);
  });
});

describe('hasControlCharacter', () => {
  it('knows both control ranges and nothing else', () => {
    expect(['\0', '\t', '\n', '\r', '\x1f', '\x7f', '\x9f'].every(hasControlCharacter)).toBe(true);
    expect(hasControlCharacter(' aZ~é€\u{1f511}')).toBe(false);
  });
});
