import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultFreshness } from '../issuers/freshness.config.js';
import { backoffMs, honouredRetryAfterMs, refreshAfterMs, timingOf } from './key-timing.js';

const usual = timingOf(defaultFreshness);

describe('timingOf', () => {
  it('has the published defaults', () => {
    expect(usual).toMatchObject({
      leastRefreshMs: 60_000,
      degradedAfterMs: 900_000,
      confirmDelayMs: 10_000,
      retireMaxMs: 30_000,
      readdConfirmMs: 60_000,
      emptyOverMs: 120_000,
      emptyFetches: 3,
      backoffBaseMs: 2_000,
      backoffCapMs: 60_000,
      missAfterFailureMs: 10_000,
    });
  });

  it('shrinks with a short refresh, so that everything can be watched in seconds', () => {
    expect(timingOf({ ...defaultFreshness, refreshMs: 2_000, minSpacingMs: 1_000, hardTtlMs: 10_000 })).toMatchObject({
      leastRefreshMs: 2_000,
      degradedAfterMs: 6_000,
      confirmDelayMs: 1_000,
      retireMaxMs: 3_000,
      readdConfirmMs: 6_000,
      emptyOverMs: 12_000,
      backoffCapMs: 4_000,
    });
  });

  it('never plans a second fetch that the spacing forbids', () => {
    expect(timingOf({ ...defaultFreshness, refreshMs: 1_000, minSpacingMs: 5_000 }).confirmDelayMs).toBe(5_000);
    expect(timingOf({ ...defaultFreshness, minSpacingMs: 12_000 }).missAfterFailureMs).toBe(12_000);
  });

  it('lets unknown keys after a failure wait no longer than after a success', () => {
    expect(timingOf({ ...defaultFreshness, missCooldownMs: 4_000 }).missAfterFailureMs).toBe(4_000);
  });
});

describe('refreshAfterMs', () => {
  it.each([
    [undefined, 300_000],
    [0, 60_000],
    [15_000, 60_000],
    [120_000, 120_000],
    [3_293_198_000, 300_000],
    [Number.MAX_VALUE, 300_000],
  ])('F-22 R9111-02 makes %s ms of lifetime %i ms', (lifetimeMs, expected) => {
    expect(refreshAfterMs(lifetimeMs, usual)).toBe(expected);
  });
});

describe('backoffMs', () => {
  it('doubles up to the cap, spread over its upper half', () => {
    const most = [1, 2, 3, 4, 5, 6, 60].map((failures) => backoffMs(failures, () => 1, usual));

    expect(most).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    expect(backoffMs(3, () => 0, usual)).toBe(4_000);
  });
});

describe('honouredRetryAfterMs', () => {
  it('F-04 caps what an issuer asks for at five minutes', () => {
    expect(honouredRetryAfterMs(1e12, undefined, usual)).toBe(300_000);
    expect(honouredRetryAfterMs(30_000, undefined, usual)).toBe(30_000);
  });

  it('never lets an issuer talk us into losing its keys', () => {
    fc.assert(
      fc.property(fc.nat(1e15), fc.nat(usual.hardTtlMs), (askedMs, ageMs) => {
        const honouredMs = honouredRetryAfterMs(askedMs, ageMs, usual);
        expect(honouredMs).toBeLessThanOrEqual((usual.hardTtlMs - ageMs) / 4);
      }),
    );
  });
});
