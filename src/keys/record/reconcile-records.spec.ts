import { describe, expect, it } from 'vitest';
import { defaultFreshness } from '../../issuers/freshness.config.js';
import type { KeyRecord, KeyState, RecordedKey } from './key-record.js';
import { timingOf } from '../key-timing.js';
import { reconcile, SAME_FETCH_MS, supersedes, youngestOf } from './reconcile-records.js';

const timing = timingOf(defaultFreshness);
const second = 1_000;

function key(state: KeyState, firstSeenMs: number, lastSeenMs: number): RecordedKey {
  return { thumbprint: 'k', jwks: [{ kty: 'EC' }], state, firstSeenMs, lastSeenMs };
}

function record(validatedAtMs: number, keys: readonly RecordedKey[], removedAtMs?: number): KeyRecord {
  const tombstones = removedAtMs === undefined ? [] : [{ thumbprint: 'k', removedAtMs }];
  return { fence: validatedAtMs, validatedAtMs, refreshAfterMs: 300_000, keys, tombstones };
}

/** The state of the key in what is made of the two. */
function state(older: KeyRecord, younger: KeyRecord): KeyState | 'removed' {
  return reconcile(older, younger, timing).keys[0]?.state ?? 'removed';
}

const active: KeyState = { name: 'active' };
const removed = record(100 * second, [], 100 * second);

describe('two records that were not made from each other', () => {
  it('F1 a retiring entry never re-enables a key that was removed', () => {
    const younger = record(200 * second, [key({ name: 'retiring', sinceMs: 195 * second }, 0, 150 * second)]);

    expect(state(removed, younger)).toBe('removed');
    expect(reconcile(removed, younger, timing).tombstones).toEqual(removed.tombstones);
  });

  it('F1 a key that one side removed has to prove itself on the other, from its latest fetch on', () => {
    const younger = record(200 * second, [key(active, 0, 200 * second)]);

    expect(state(removed, younger)).toEqual({ name: 'returning', sinceMs: 200 * second });
    expect(reconcile(removed, younger, timing).tombstones).toEqual(removed.tombstones);
  });

  it('a key that was found again after its removal, and proved itself, counts', () => {
    const younger = record(300 * second, [key(active, 230 * second, 300 * second)]);

    expect(state(removed, younger)).toEqual(active);
    expect(reconcile(removed, younger, timing).tombstones).toEqual([]);
  });

  it('a key that was found again a moment ago goes on proving itself', () => {
    const younger = record(300 * second, [key(active, 250 * second, 300 * second)]);

    expect(state(removed, younger)).toEqual({ name: 'returning', sinceMs: 250 * second });
  });

  it('the earlier of two proofs counts', () => {
    const older = record(
      250 * second,
      [key({ name: 'returning', sinceMs: 245 * second }, 245 * second, 250 * second)],
      100 * second,
    );
    const younger = record(300 * second, [key(active, 240 * second, 300 * second)]);

    expect(state(older, younger)).toEqual(active);
  });

  it('the replica that first noticed the absence of a key decides when it ends', () => {
    const older = record(100 * second, [key({ name: 'retiring', sinceMs: 100 * second }, 0, 50 * second)]);
    const younger = record(120 * second, [key({ name: 'retiring', sinceMs: 120 * second }, 0, 60 * second)]);

    expect(state(older, younger)).toEqual({ name: 'retiring', sinceMs: 100 * second });
  });

  it('a key that was seen after it was missed is not ended by that', () => {
    const older = record(100 * second, [key({ name: 'retiring', sinceMs: 100 * second }, 0, 50 * second)]);
    const again: KeyState = { name: 'retiring', sinceMs: 140 * second };

    expect(state(older, record(120 * second, [key(active, 0, 120 * second)]))).toEqual(active);
    expect(state(older, record(140 * second, [key(again, 0, 120 * second)]))).toEqual(again);
  });

  it('the record of the younger fetch holds, whichever comes first', () => {
    const older = record(100 * second, [key(active, 0, 100 * second)]);
    const younger = record(200 * second, []);

    expect(youngestOf(older, younger, timing)?.validatedAtMs).toBe(200 * second);
    expect(youngestOf(younger, older, timing)?.keys).toEqual([]);
    expect(youngestOf(undefined, older, timing)).toBe(older);
    expect(youngestOf(older, undefined, timing)).toBe(older);
  });

  it('forgets what was removed longer ago than any key may live', () => {
    const younger = record(100 * second + timing.hardTtlMs, []);

    expect(reconcile(removed, younger, timing).tombstones).toEqual([]);
  });
});

describe('adoption', () => {
  const mine = { ...record(100 * second, []), fence: 5 };

  it.each([
    ['a younger fetch', 200 * second, 6, true],
    ['a younger fetch with a lower fence, of a store that forgot', 200 * second, 4, true],
    ['an older fetch with a higher fence, of a store that forgot', 50 * second, 6, false],
    ['the same record', 100 * second, 5, false],
    ['more evidence of the same fetch', 100 * second, 6, true],
    ['the same fetch by a slower message', 100 * second - SAME_FETCH_MS, 6, true],
    ['less evidence of the same fetch', 100 * second, 4, false],
  ])('I5 of %s', (_what, validatedAtMs, fence, isTaken) => {
    expect(supersedes({ ...record(validatedAtMs, []), fence }, mine)).toBe(isTaken);
  });
});
