import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { after, confirm, immediate, published, keyStates, unchanged } from '../../../test/keys/support/observations.js';
import { keyChanges } from './key-changes.js';
import type { KeyRecord } from './key-record.js';
import type { PublishedSet } from '../source/key-source.js';

describe('mergeKeySets', () => {
  it('accepts the first set and every new key at once', () => {
    const record = after([
      [0, published('a')],
      [300, published('a', 'b')],
    ]);

    expect(keyStates(record)).toEqual({ a: 'active', b: 'active' });
    expect(record.validatedAtMs).toBe(300_000);
    expect(record.keys[0]).toMatchObject({ firstSeenMs: 0, lastSeenMs: 300_000 });
  });

  it('keeps a key that is missing once, for a while', () => {
    const record = after([
      [0, published('a', 'b')],
      [300, published('a')],
    ]);

    expect(keyStates(record)).toEqual({ a: 'active', b: 'retiring' });
    expect(record.keys[1]!.lastSeenMs).toBe(0);
  });

  it('removes it after a second fetch, ten seconds later', () => {
    const tooSoon = after([
      [0, published('a', 'b')],
      [300, published('a')],
      [309, published('a')],
    ]);
    const second = after([[310, published('a')]], confirm, tooSoon);

    expect(keyStates(tooSoon)).toEqual({ a: 'active', b: 'retiring' });
    expect(keyStates(second)).toEqual({ a: 'active' });
    expect(second.tombstones).toEqual([{ thumbprint: 'b', removedAtMs: 310_000 }]);
  });

  it('lets a key stay that one stale edge had left out', () => {
    const record = after([
      [0, published('a', 'b')],
      [300, published('a')],
      [302, published('a', 'b')],
    ]);

    expect(keyStates(record)).toEqual({ a: 'active', b: 'active' });
  });

  it('treats a key that comes back after retireMax as one that was removed', () => {
    const record = after([
      [0, published('a', 'b')],
      [300, published('a')],
      [330, published('a', 'b')],
    ]);

    expect(keyStates(record)).toEqual({ a: 'active', b: 'returning' });
  });

  it('accepts a removed key again only after a minute of evidence, without a gap', () => {
    const removed = after([
      [0, published('a', 'b')],
      [300, published('a')],
      [310, published('a')],
    ]);
    const back = after([[600, published('a', 'b')]], confirm, removed);
    const early = after([[659, published('a', 'b')]], confirm, back);
    const proved = after([[660, published('a', 'b')]], confirm, early);
    const gap = after(
      [
        [630, published('a')],
        [661, published('a', 'b')],
      ],
      confirm,
      back,
    );

    expect(keyStates(back)).toEqual({ a: 'active', b: 'returning' });
    expect(keyStates(early)).toEqual({ a: 'active', b: 'returning' });
    expect(keyStates(proved)).toEqual({ a: 'active', b: 'active' });
    expect(proved.tombstones).toEqual([]);
    expect(keyStates(gap)).toEqual({ a: 'active', b: 'returning' });
  });

  it('removes at once where the issuer wants it', () => {
    const record = after(
      [
        [0, published('a', 'b')],
        [300, published('a')],
      ],
      immediate,
    );

    expect(keyStates(record)).toEqual({ a: 'active' });
  });

  it('does not let a key retire on evidence that is itself too old', () => {
    const record = after([
      [0, published('a', 'b')],
      [14_400, published('a')],
    ]);

    expect(keyStates(record)).toEqual({ a: 'active' });
  });

  it('takes "unchanged" for the set that was seen, without the keys that were missing from it', () => {
    const record = after([
      [0, published('a', 'b')],
      [300, published('a')],
      [310, unchanged],
    ]);

    expect(keyStates(record)).toEqual({ a: 'active' });
    expect(record.validatedAtMs).toBe(310_000);
  });

  it('does not believe an empty set until three fetches over two minutes', () => {
    const once = after([
      [0, published('a')],
      [300, published()],
    ]);
    const often = after(
      [
        [310, published()],
        [320, published()],
        [419, published()],
      ],
      confirm,
      once,
    );
    const long = after([[420, published()]], confirm, often);

    expect(keyStates(once)).toEqual({ a: 'active' });
    expect(once.validatedAtMs).toBe(0);
    expect(keyStates(often)).toEqual({ a: 'active' });
    expect(keyStates(long)).toEqual({});
    expect(long).toMatchObject({ validatedAtMs: 420_000, tombstones: [{ thumbprint: 'a' }] });
    expect(long.emptyEvidence).toBeUndefined();
  });

  it('forgets the evidence of emptiness when a key is seen', () => {
    const record = after([
      [0, published('a')],
      [300, published()],
      [360, published('a')],
      [420, published()],
      [480, published()],
    ]);

    expect(keyStates(record)).toEqual({ a: 'active' });
    expect(record.emptyEvidence).toEqual({ sinceMs: 420_000, latestMs: 480_000, fetches: 2 });
  });

  it('R7638-02 keeps one key under all its names, and tombstones under none', () => {
    const twice: PublishedSet = {
      ...published(),
      keys: ['x', 'y'].map((kid) => ({ thumbprint: 'a', jwk: { kty: 'EC', kid } })),
    };
    const record = after([[0, twice]]);

    expect(record.keys).toHaveLength(1);
    expect(record.keys[0]!.jwks.map(({ kid }) => kid)).toEqual(['x', 'y']);
  });

  it('forgets tombstones when no record can be so old', () => {
    const removed = after(
      [
        [0, published('a', 'b')],
        [300, published('a')],
      ],
      immediate,
    );

    expect(after([[14_699, published('a')]], immediate, removed).tombstones).toHaveLength(1);
    expect(after([[14_700, published('a')]], immediate, removed).tombstones).toHaveLength(0);
  });

  const anyObservation = fc.tuple(
    fc.integer({ min: 2, max: 400 }),
    fc.oneof(
      fc.subarray(['a', 'b', 'c']).map((names) => published(...names)),
      fc.constant(unchanged),
    ),
  );

  it('I5 never lets validatedAt go back, nor a removed key be accepted without a minute of unbroken evidence', () => {
    fc.assert(
      fc.property(fc.array(anyObservation, { minLength: 1, maxLength: 60 }), (fetches) => {
        let record: KeyRecord = after([[0, published('a', 'b', 'c')]]);
        let seen: readonly string[] = ['a', 'b', 'c'];
        const seenSinceS = new Map(seen.map((name) => [name, 0]));
        let atS = 0;
        for (const [gapS, observation] of fetches) {
          atS += gapS;
          const next = after([[atS, observation]], confirm, record);
          expect(next.validatedAtMs).toBeGreaterThanOrEqual(record.validatedAtMs);
          if (!next.emptyEvidence) {
            if (observation.kind === 'published') seen = observation.keys.map(({ thumbprint }) => thumbprint);
            for (const name of seenSinceS.keys()) if (!seen.includes(name)) seenSinceS.delete(name);
            for (const name of seen) if (!seenSinceS.has(name)) seenSinceS.set(name, atS);
          }
          for (const { change, thumbprint } of keyChanges(record, next)) {
            if (change === 'returned') expect(atS - seenSinceS.get(thumbprint)!).toBeGreaterThanOrEqual(60);
            if (change === 'added')
              expect(record.tombstones.map((grave) => grave.thumbprint)).not.toContain(thumbprint);
          }
          record = next;
        }
      }),
    );
  });

  it('I6 one wrong answer changes no accepted key', () => {
    fc.assert(
      fc.property(fc.subarray(['a', 'b', 'c']), (names) => {
        const record = after([
          [0, published('a', 'b', 'c')],
          [300, published(...names)],
        ]);
        expect(Object.keys(keyStates(record)).sort()).toEqual(['a', 'b', 'c']);
        expect(Object.values(keyStates(record))).not.toContain('returning');
      }),
    );
  });

  it('remembers at most a thousand removed keys, the latest: new keys with every fetch make no record grow', () => {
    const fetches = Array.from({ length: 30 }, (_, i) => {
      const names = Array.from({ length: 100 }, (_unused, j) => `${i}-${j}`);
      return [i * 60, published(...names)] as const;
    });
    const { tombstones } = after(fetches, immediate);

    expect(tombstones).toHaveLength(1_000);
    expect(Math.min(...tombstones.map(({ removedAtMs }) => removedAtMs))).toBe(20 * 60_000);
  });
});
