import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { UpstreamBreaker } from './upstream-breaker.js';

describe('UpstreamBreaker', () => {
  let clock: FakeClock;
  let breaker: UpstreamBreaker;

  beforeEach(() => {
    clock = new FakeClock();
    breaker = new UpstreamBreaker(clock);
  });

  /** Calls that went well (`+`) or not (`-`), in this order. */
  const calls = (went: string): void => {
    for (const each of went) {
      if (each === '+') breaker.succeeded();
      else breaker.failed();
    }
  };

  it.each([
    ['five in a row', '-----', true],
    ['four in a row, and again four', '----+----', false],
    ['half of ten, never five in a row', '+-+-+-+-+-', true],
    ['less than half of many', '++-++-++-++-++-', false],
    ['half of fewer than ten', '+-+-+-+-', false],
  ])('OPQ-10 %s', (_what, went, isOpen) => {
    calls(went);
    expect(breaker.isOpen).toBe(isOpen);
  });

  it('OPQ-10 forgets how calls went after ten seconds', async () => {
    calls('+-+-+-+-+');
    await clock.advance(10_000);
    calls('-');
    expect(breaker.isOpen).toBe(false);
  });

  it('OPQ-10 waits twice as long each time, at most half a minute, and lets one call in', async () => {
    calls('-----');
    const pauses = [];
    for (let n = 0; n < 7; n++) {
      pauses.push(breaker.leftMs);
      await clock.advance(breaker.leftMs - 1);
      expect(breaker.admit()).toBe(1);
      await clock.advance(1);
      expect(breaker.admit()).toBe(0);
      expect(breaker.admit()).toBeGreaterThan(0);
      breaker.failed();
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    await clock.advance(30_000);
    expect(breaker.admit()).toBe(0);
    breaker.succeeded();
    expect([breaker.isOpen, breaker.admit(), breaker.admit()]).toEqual([false, 0, 0]);
  });

  it('OPQ-10 a call that began before does not close it', () => {
    calls('-----');
    breaker.succeeded();
    expect(breaker.isOpen).toBe(true);
  });
});
