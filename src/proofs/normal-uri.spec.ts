import { describe, expect, it } from 'vitest';
import { normalOrigin, normalUri } from './normal-uri.js';

describe('normalUri', () => {
  it.each([
    ['HTTPS://API.example:443/a%2fb/../c?x', 'https://api.example/c'],
    ['https://api.example', 'https://api.example/'],
    ['https://api.example?x', 'https://api.example/'],
    ['https://api.example/#f', 'https://api.example/'],
    ['https://api.example:/x', 'https://api.example/x'],
    ['https://api.example:0443/x', 'https://api.example/x'],
    ['http://api.example:443/x', 'http://api.example:443/x'],
    ['http://api.example:80/x', 'http://api.example/x'],
    ['https://[2001:DB8::1]:8443/x', 'https://[2001:db8::1]:8443/x'],
    ['https://a/%7Euser/%c3%a9%2F', 'https://a/~user/%C3%A9%2F'],
    ['https://a/b/./c/../../d', 'https://a/d'],
    ['https://a/b/%2E%2e/c', 'https://a/c'],
    ['https://a/b/..', 'https://a/'],
    ['https://a/b/.', 'https://a/b/'],
    ['https://a/../../b', 'https://a/b'],
    ['https://a//b//../c', 'https://a//b/c'],
    ['https://a/b|c', 'https://a/b|c'],
  ])('%s is %s', (text, expected) => {
    expect(normalUri(text)).toBe(expected);
  });

  it.each([
    '',
    '/path',
    'a.example/path',
    'ftp://a/b',
    'https:///b',
    'https://u:p@a/b',
    'https://a\\b',
    'https://a:x/b',
    'https://a:100000/b',
    'https://a/%zz',
    'https://a/%2',
    'https://a/b c',
    'https://a/b\n',
    'https://ä/b',
    'https://a/\u00e4',
    'https://[::1/b',
  ])('%j is no such URI', (text) => {
    expect(normalUri(text)).toBeUndefined();
  });
});

describe('normalOrigin', () => {
  it.each([
    ['https://API.corp.example:443', 'https://api.corp.example'],
    ['https://api.corp.example/', 'https://api.corp.example'],
    ['http://localhost:8000', 'http://localhost:8000'],
  ])('%s is %s', (text, expected) => {
    expect(normalOrigin(text)).toBe(expected);
  });

  it.each(['https://a/b', 'https://a/./', 'https://a?x', 'https://a#x', 'a', 'https://u@a'])('%s is none', (text) => {
    expect(normalOrigin(text)).toBeUndefined();
  });
});
