import { describe, expect, it } from 'vitest';
import { defaultFreshness } from '../../issuers/freshness.config.js';
import type { KeyRecord, KeyState } from '../record/key-record.js';
import { timingOf } from '../key-timing.js';
import { nextRefreshMs } from './next-refresh.js';

const usual = timingOf(defaultFreshness);
const inSeconds = timingOf({ ...defaultFreshness, refreshMs: 1_000, hardTtlMs: 5_000, minSpacingMs: 1_000 });

function aRecord(state: KeyState, more: Partial<KeyRecord> = {}): KeyRecord {
  const key = { thumbprint: 'a', jwks: [], state, firstSeenMs: 0, lastSeenMs: 0 };
  return { fence: 1, validatedAtMs: 10_000, refreshAfterMs: 300_000, keys: [key], tombstones: [], ...more };
}

describe('nextRefreshMs', () => {
  it('is when the record is due', () => {
    expect(nextRefreshMs(aRecord({ name: 'active' }), 280_000, usual)).toBe(290_000);
  });

  it('is earlier where a second fetch can settle a doubt', () => {
    expect(nextRefreshMs(aRecord({ name: 'retiring', sinceMs: 10_000 }), 280_000, usual)).toBe(20_000);
    expect(nextRefreshMs(aRecord({ name: 'returning', sinceMs: 10_000 }), 280_000, usual)).toBe(70_000);
  });

  it('F-05 comes back to a set that was empty, so that three fetches take two minutes', () => {
    const emptyEvidence = { sinceMs: 50_000, latestMs: 50_000, fetches: 1 };

    expect(nextRefreshMs(aRecord({ name: 'active' }, { emptyEvidence }), 280_000, usual)).toBe(110_000);
  });

  it('I6 I18 never waits longer after an empty set than after a good one: the keys would expire meanwhile', () => {
    const emptyEvidence = { sinceMs: 11_000, latestMs: 11_000, fetches: 1 };

    expect(nextRefreshMs(aRecord({ name: 'active' }, { emptyEvidence }), 1_000, inSeconds)).toBe(12_000);
  });
});
