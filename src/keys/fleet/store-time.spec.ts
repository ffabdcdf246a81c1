import { describe, expect, it } from 'vitest';
import type { KeyRecord } from '../record/key-record.js';
import { shifted, StoreOffset } from './store-time.js';

describe('the offset of a store', () => {
  it('is nothing until the store has answered', () => {
    expect(new StoreOffset().ms).toBe(0);
  });

  it('makes ages too great rather than too small', () => {
    const offset = new StoreOffset();
    offset.observe(1_000, 1_590, 1_100);

    // The clocks are between 490 and 590 apart. With 590, what the store calls now began 90 ms ago at most.
    expect(offset.ms).toBe(590);
  });

  it('is narrowed down by every answer', () => {
    const offset = new StoreOffset();
    offset.observe(1_000, 1_590, 1_100);
    offset.observe(2_000, 2_510, 2_090);
    expect(offset.ms).toBe(510);

    offset.observe(3_000, 3_590, 3_100);
    expect(offset.ms).toBe(510);
  });

  it('is not moved by a pause of this process between question and answer', () => {
    const offset = new StoreOffset();
    offset.observe(1_000, 1_500, 1_001);

    expect(offset.observe(2_000, 32_500, 32_001)).toBe(0);
    expect(offset.ms).toBe(500);
  });

  it('returns how far a clock was moved, in either direction', () => {
    const offset = new StoreOffset();
    expect(offset.observe(1_000, 9_000, 1_000)).toBe(8_000);
    expect(offset.observe(2_000, 4_000, 2_000)).toBe(-6_000);
    expect(offset.ms).toBe(2_000);
  });
});

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
});
