import { beforeEach, describe, expect, it } from 'vitest';
import { KeyPublication } from './key-publication.js';
import type { OwnKeys } from './prepare-signing.js';
import type { KeyUse } from './signing.config.js';

const second = 1000;
const settling = 600 * second;

const keys = (uses: Readonly<Record<string, KeyUse>>): OwnKeys => ({
  published: Object.entries(uses).map(([name, use]) => ({ name, use, key: { alg: 'ES256', kid: name, jwk: {} } })),
  signing: new Map(),
});

describe('the publication of our keys', () => {
  let publication: KeyPublication;

  beforeEach(() => {
    publication = new KeyPublication();
    expect(publication.change(keys({ a: 'signing', b: 'next', z: 'previous' }), 0)).toEqual([]);
  });

  it('is in time twice the time that caches may keep it after the last step', () => {
    expect(publication.change(keys({ a: 'previous', b: 'signing', z: 'previous' }), settling)).toEqual([]);
    expect(publication.change(keys({ b: 'signing', c: 'next' }), 2 * settling)).toEqual([]);
    expect(publication.change(keys({ b: 'previous', c: 'signing' }), 3 * settling)).toEqual([]);
  });

  it('says how much too early a key signs', () => {
    const [tooEarly] = publication.change(keys({ a: 'previous', b: 'signing', z: 'previous' }), settling - 90 * second);
    expect(tooEarly).toEqual({ key: 'b', kind: 'signs', secondsLeft: 90 });
  });

  it('is too early for a key that was never published before, such as another one in the same file', () => {
    expect(publication.change(keys({ x: 'signing', a: 'previous', b: 'next', z: 'previous' }), 9 * settling)).toEqual([
      { key: 'x', kind: 'signs', secondsLeft: 600 },
    ]);
  });

  it('says how much too early a key is withdrawn: counted from when it signed last, not from when it was made', () => {
    publication.change(keys({ a: 'previous', b: 'signing' }), 5 * settling);
    expect(publication.change(keys({ b: 'signing' }), 5 * settling + second)).toEqual([
      { key: 'a', kind: 'withdrawn', secondsLeft: 599 },
    ]);
  });

  it('is too early for a key that signs until it is withdrawn', () => {
    expect(publication.change(keys({ b: 'signing', z: 'previous' }), 5 * settling)).toEqual([
      { key: 'a', kind: 'withdrawn', secondsLeft: 600 },
    ]);
  });

  it('does not know when a previous key has signed that was there at the start', () => {
    expect(publication.change(keys({ a: 'signing', b: 'next' }), second)).toEqual([
      { key: 'z', kind: 'withdrawn', secondsLeft: 599 },
    ]);
  });

  it('withdraws a key that has never signed whenever it likes', () => {
    expect(publication.change(keys({ a: 'signing', z: 'previous' }), second)).toEqual([]);
  });

  it('lets a key sign again that did before, and repeats nothing for a change of something else', () => {
    publication.change(keys({ a: 'previous', b: 'signing', z: 'previous' }), settling);
    const back = keys({ a: 'signing', b: 'previous', z: 'previous' });
    expect(publication.change(back, settling + second)).toEqual([]);
    expect(publication.change(back, settling + second)).toEqual([]);
  });

  it('tells of keys that are all withdrawn', () => {
    expect(publication.change(undefined, 5 * settling)).toEqual([{ key: 'a', kind: 'withdrawn', secondsLeft: 600 }]);
  });
});
