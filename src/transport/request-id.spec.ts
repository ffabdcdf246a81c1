import { describe, expect, it } from 'vitest';
import { requestIdOf } from './request-id.js';
import { TrustedProxies } from './trusted-proxies.js';

const proxy = '10.0.0.1';
const trusted = new TrustedProxies([proxy]);

describe('requestIdOf', () => {
  it.each(['4f1c', 'a'.repeat(64), '0af7651916cd43dd8448eb211c80319c', 'edge.eu-west-1_42'])(
    'keeps %s of a trusted proxy',
    (given) => {
      expect(requestIdOf(given, proxy, trusted)).toBe(given);
    },
  );

  it.each([
    ['nothing', undefined],
    ['an empty one', ''],
    ['one that is too long', 'a'.repeat(65)],
    ['two that were joined', 'a, b'],
    ['a list', ['a', 'b']],
    ['a line break', 'a\r\nset-cookie: b'],
    ['an escape of a terminal', '\u001b[31m'],
    ['what breaks JSON', 'a"}'],
    ['letters of other scripts', 'é'],
    ['H-13 a token that is short enough', 'eyJhbGciOiJub25lIn0.e30.signature'],
  ])('makes one up for %s', (_what, given) => {
    expect(requestIdOf(given, proxy, trusted)).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('takes nothing from strangers, and never makes the same twice', () => {
    const made = ['4f1c', '4f1c'].map((given) => requestIdOf(given, '10.0.0.2', trusted));
    expect(new Set([...made, '4f1c']).size).toBe(3);
  });
});
