import { beforeEach, describe, expect, it } from 'vitest';
import { defaultFreshness } from '../../issuers/freshness.config.js';
import { LEASE_MS, timingOf } from '../key-timing.js';
import { longestHonestWaitMs, WithheldPermits } from './withheld-permits.js';

const timing = timingOf(defaultFreshness);
const longestMs = longestHonestWaitMs(timing);

describe('a store that permits nothing', () => {
  let permits: WithheldPermits;
  /** What is left of the patience at this time. */
  const left = (nowMs: number, retryInMs = 300_000): number => permits.refused('s', retryInMs, timing, nowMs);

  beforeEach(() => {
    permits = new WithheldPermits(() => 0);
  });

  it('is believed for as long as a backoff, a fetch after it and the spacing can last', () => {
    expect(longestMs).toBe(308_000);
    expect(left(0)).toBe(longestMs);
    expect(left(300_000)).toBe(8_000);
    expect(left(longestMs)).toBe(0);
    expect(permits.waitedMs('s', longestMs)).toBe(longestMs);
  });

  it('is believed twice as long after each fetch that brought nothing, up to a quarter of hardTtl', () => {
    const pauses: number[] = [];
    let nowMs = 0;
    for (let i = 0; i < 7; i++) {
      const sinceMs = nowMs;
      for (let leftMs = left(nowMs); leftMs > 0; leftMs = left(nowMs)) nowMs += Math.min(leftMs, 300_000);
      pauses.push((nowMs - sinceMs) / 1_000);
      permits.taken('s', nowMs);
    }

    expect(pauses).toEqual([308, 616, 1232, 2464, 3600, 3600, 3600]);
  });

  it('spreads replicas that were refused together over a tenth of the wait', () => {
    permits = new WithheldPermits(() => 0.5);

    expect(left(0)).toBeCloseTo(1.05 * longestMs);
  });

  it.each<readonly [string, () => void]>([
    [
      'a permit',
      () => {
        permits.ended('s');
      },
    ],
    [
      'a record of a fetch that began meanwhile',
      () => {
        permits.seen('s', 100_000);
      },
    ],
    [
      'a record of the fetch that was under way',
      () => {
        permits.seen('s', 1_000 - LEASE_MS);
      },
    ],
  ])('is believed anew after %s', (_what, happens) => {
    left(0);
    happens();

    expect(left(300_000)).toBe(longestMs);
  });

  it('is not believed longer because an old record is written again, or for another source', () => {
    left(0);
    permits.seen('s', -LEASE_MS);
    permits.seen('t', 100_000);

    expect(left(300_000)).toBe(8_000);
  });

  it('is believed anew by who did not ask for a long time', () => {
    left(0, 1_000);

    expect(left(1_000 + longestMs)).toBe(0);
    permits.ended('s');
    left(0, 1_000);
    expect(left(1_001 + longestMs)).toBe(longestMs);
  });
});
