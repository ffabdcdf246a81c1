import { describe, expect, it } from 'vitest';
import { after, confirm, published } from '../../../test/keys/support/observations.js';
import { keyChanges } from './key-changes.js';
import type { KeyRecord } from './key-record.js';
import type { PublishedSet } from '../source/key-source.js';

describe('keyChanges', () => {
  const changesOf = (before: KeyRecord | undefined, record: KeyRecord): readonly string[] =>
    keyChanges(before, record).map(({ change, thumbprint }) => `${change} ${thumbprint}`);

  it('follows a key through its states', () => {
    const first = after([[0, published('a', 'b')]]);
    const missing = after([[300, published('a')]], confirm, first);
    const gone = after([[310, published('a')]], confirm, missing);
    const back = after([[600, published('a', 'b')]], confirm, gone);
    const proved = after([[660, published('a', 'b')]], confirm, back);

    expect(changesOf(undefined, first)).toEqual(['added a', 'added b']);
    expect(changesOf(first, missing)).toEqual(['retiring b']);
    expect(changesOf(missing, gone)).toEqual(['removed b']);
    expect(changesOf(gone, back)).toEqual(['returning b']);
    expect(changesOf(back, proved)).toEqual(['returned b']);
    expect(changesOf(missing, after([[302, published('a', 'b')]], confirm, missing))).toEqual(['stayed b']);
  });

  it('B-16 notices a kid that was given to another key', () => {
    const first = after([[0, published('a')]]);
    const reused: PublishedSet = { ...published(), keys: [{ thumbprint: 'z', jwk: { kty: 'EC', kid: 'kid-a' } }] };

    expect(changesOf(first, after([[300, reused]], confirm, first))).toEqual(['retiring a', 'added z', 'kid_reused z']);
  });
});
