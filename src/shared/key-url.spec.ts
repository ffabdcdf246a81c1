import { describe, expect, it } from 'vitest';
import { maskedUrl, readKeyUrl } from './key-url.js';

const strict = { allowPrivate: false };
const development = { allowPrivate: true };

describe('readKeyUrl', () => {
  it('accepts https, with a query where a key set has one', () => {
    expect(readKeyUrl('https://keys.example/jwks?p=b2c', strict)).toBeInstanceOf(URL);
  });

  it.each([
    ['http://keys.example/jwks', 'not an https URL'],
    ['file:///etc/passwd', 'not an https URL'],
    ['gopher://keys.example/', 'not an https URL'],
    ['data:application/json,{}', 'not an https URL'],
    ['//keys.example/jwks', 'not an absolute URL'],
    ['/jwks', 'not an absolute URL'],
    ['', 'not an absolute URL'],
    ['https://user@keys.example/', 'user information in the URL'],
    ['https://user:secret@keys.example/', 'user information in the URL'],
    ['https://keys.example/#x', 'a fragment in the URL'],
    ['https://keys.example/\r\nHost: evil', 'not an absolute URL'],
    ['https://keys.example\\@evil.example/', 'not an absolute URL'],
    ['https://keys.example/ü', 'not an absolute URL'],
  ])('R8414-01 F-10 refuses %j: %s', (text, reason) => {
    expect(readKeyUrl(text, strict)).toBe(reason);
  });

  it.each(['http://127.0.0.1:4000/', 'http://localhost/', 'http://[::1]:80/'])(
    'allows %s only with allowPrivate',
    (text) => {
      expect(readKeyUrl(text, strict)).toBe('not an https URL');
      expect(readKeyUrl(text, development)).toBeInstanceOf(URL);
    },
  );

  it('never allows plain http to another machine', () => {
    expect(readKeyUrl('http://10.0.0.1/', development)).toBe('not an https URL');
    expect(readKeyUrl('http://localhost.evil.example/', development)).toBe('not an https URL');
  });
});

describe('maskedUrl', () => {
  it('F-26 shows neither user information nor query', () => {
    const masked = maskedUrl('https://user:hunter2@keys.example/jwks?api_key=hunter2');

    expect(masked).toBe('https://keys.example/jwks?(masked)');
    expect(maskedUrl('https://keys.example/jwks')).toBe('https://keys.example/jwks');
    expect(maskedUrl('hunter2')).not.toContain('hunter2');
  });
});
