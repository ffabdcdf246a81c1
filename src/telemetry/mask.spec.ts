import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mask, maskText } from './mask.js';

const header = Buffer.from('{"alg":"RS256"}').toString('base64url');
const token = `${header}.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlLXRoYXQtaXMtbG9uZy1lbm91Z2g`;

describe('maskText', () => {
  it.each([
    ['a token', token],
    ['a token in a sentence', `token ${token} refused`],
    ['a token in a URL', `https://x.example/path?access_token=${token}&a=b`],
    ['a token without its signature', `${header}.eyJzdWIiOiJhbGljZSJ9.`],
    ['the beginning of a token', token.slice(0, 30)],
    [
      'a token with an unusual header',
      `${Buffer.from(' {"alg":"RS256"}').toString('base64url')}.eyJzdWIiOiJhbGljZSJ9MTIz.${'A'.repeat(40)}`,
    ],
    ['a JWE', `${token}.YWJj.ZGVm`],
  ])('hides %s', (_, text) => {
    const masked = maskText(text);
    expect(masked).toContain('***');
    expect(masked).not.toContain('c2lnbmF0dXJl');
    expect(masked).not.toContain('eyJ');
    expect(masked).not.toContain('A'.repeat(10));
  });

  it.each([
    ['Basic b3JkZXJzOnMzY3IzdA==', 'Basic ***'],
    ['authorization: bearer s3cr3t-opaque', 'authorization: bearer ***'],
    ['DPoP abc.def', 'DPoP ***'],
    ['client_secret=s3cr3t&token=abc', 'client_secret=***&token=***'],
    ['rediss://user:s3cr3t@redis:6379/0', 'rediss://user:***@redis:6379/0'],
  ])('hides the credential in %s', (text, masked) => {
    expect(maskText(text)).toBe(masked);
  });

  it.each([
    'bearer token of the caller refused',
    'basic credentials are not base64',
    'https://login.corp.example/realms/main',
    'keycloak-production.internal.example',
    'eyewitness accounts agree',
  ])('leaves "%s" alone', (text) => {
    expect(maskText(text)).toBe(text);
  });

  it('H-13 cuts long text, and leaves no terminal control of the second kind', () => {
    expect(maskText('x'.repeat(65_536))).toHaveLength(257);
    expect(maskText('a\x9b31mb\u202ec')).toBe('a?31mb?c');
  });

  it('reads a text without a suspicious part as it reads any other', () => {
    const parts = [
      'eyJ',
      'eyA',
      'ewo',
      'ewk',
      'ew0',
      'token',
      '=',
      ' ',
      '.',
      '://',
      ':',
      '@',
      'basic',
      'Bearer',
      'x'.repeat(20),
      'a1-_Zz',
      `${'x'.repeat(20)}.${'y'.repeat(20)}.${'z'.repeat(20)}`,
      '\x9f',
      '\u202b',
      '\u2067',
      'é',
    ];
    const texts = fc.array(fc.constantFrom(...parts), { maxLength: 10 }).map((some) => some.join(''));
    fc.assert(
      fc.property(texts, (text) => {
        // "@" makes any text suspicious; alone before a space it belongs to nothing that is hidden.
        expect(`@ ${maskText(text)}`).toBe(maskText(`@ ${text}`));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is linear on text made to make it slow', () => {
    const nasty = ['a-'.repeat(40_000), 'eyJ'.repeat(30_000), '://a:'.repeat(20_000), 'Basic '.repeat(20_000)];
    for (const text of nasty) expect(maskText(text).length).toBeLessThanOrEqual(257);
  }, 1_000);
});

describe('mask', () => {
  it('reaches every depth, keys, maps, sets, errors and their causes', () => {
    const cause = Object.assign(new Error(`bad ${token}`), { code: `E_${token}` });
    const hiding = {
      a: { b: [{ c: token }] },
      [token]: 1,
      map: new Map([['k', token]]),
      set: new Set([token]),
      err: new Error('outer Bearer s3cr3t', { cause }),
      url: new URL('https://u:s3cr3t@h.example/?token=s3cr3t'),
      bytes: Buffer.from('s3cr3t'),
    };
    const text = JSON.stringify(mask(hiding));
    expect(text).not.toContain('eyJ');
    expect(text).not.toContain('s3cr3t');
    expect(text).toContain('outer Bearer ***');
  });

  it('hides what is named as a secret, whatever it looks like', () => {
    expect(mask({ clientSecret: 'pet', password: 'x', token: 'opaque', authorization: ['y'], tokens: 3 })).toEqual({
      clientSecret: '***',
      password: '***',
      token: '***',
      authorization: '***',
      tokens: 3,
    });
  });

  it('shows of a duration what can be read, wherever it is', () => {
    const durations = { usedAgoMs: 101.98968499997864, waits: [{ ageSeconds: 12.345678 }], share: 0.123456 };
    expect(mask(durations)).toEqual({ usedAgoMs: 102, waits: [{ ageSeconds: 12.3 }], share: 0.123456 });
  });

  it('ends cycles and bounds arrays', () => {
    const cycle: Record<string, unknown> = { many: new Array(1000).fill('x') };
    cycle['self'] = cycle;
    expect(JSON.stringify(mask(cycle)).length).toBeLessThan(2_000);
  });

  it('does not ask the key of a map for its text', () => {
    expect(mask(new Map<unknown, number>([[{ toString: 'no function' }, 1]]))).toEqual({ '[object]': 1 });
  });

  it('makes a JSON value of anything', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true }), (value) => {
        expect(() => JSON.stringify(mask({ value }))).not.toThrow();
      }),
    );
  });
});
