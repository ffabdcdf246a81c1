import { describe, expect, it } from 'vitest';
import type { KeyRecord } from '../record/key-record.js';
import { aged, shifted } from './store-time.js';

describe('a record on another clock', () => {
  const record: KeyRecord = {
    fence: 7,
    validatedAtMs: 100,
    refreshAfterMs: 300,
    keys: [
      { thumbprint: 'a', jwks: [], state: { name: 'active' }, firstSeenMs: 10, lastSeenMs: 100 },
      { thumbprint: 'b', jwks: [], state: { name: 'retiring', sinceMs: 100 }, firstSeenMs: 10, lastSeenMs: 50 },
    ],
    tombstones: [{ thumbprint: 'c', removedAtMs: 20 }],
    emptyEvidence: { sinceMs: 90, latestMs: 95, fetches: 2 },
  };

  it('keeps every difference, and what is no time', () => {
    expect(shifted(shifted(record, 5_000, 9_000), -5_000, 9_000)).toEqual(record);
    expect(shifted(record, 1_000, 9_000)).toMatchObject({ fence: 7, validatedAtMs: 1_100, refreshAfterMs: 300 });
  });

  it('I4 has no times of the future', () => {
    const moved = shifted(record, 1_000, 1_050);

    expect(moved.validatedAtMs).toBe(1_050);
    expect(moved.keys.map(({ lastSeenMs }) => lastSeenMs)).toEqual([1_050, 1_050]);
    expect(moved.emptyEvidence).toEqual({ sinceMs: 1_050, latestMs: 1_050, fetches: 2 });
  });

  it('I4 I5 has an older proof, and no other evidence, where it is aged', () => {
    const { validatedAtMs, keys, tombstones, emptyEvidence } = aged(record, 40);

    expect(validatedAtMs).toBe(60);
    expect(keys).toEqual([record.keys[0], { ...record.keys[1], state: { name: 'retiring', sinceMs: 60 } }]);
    expect({ tombstones, emptyEvidence }).toEqual({
      tombstones: record.tombstones,
      emptyEvidence: record.emptyEvidence,
    });
  });
});
