import { describe, expect, it } from 'vitest';
import { StoreOffset } from './store-offset.js';

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

    offset.observe(2_000, 32_500, 32_001);
    expect(offset.ms).toBe(500);
  });

  it('begins anew when a clock was moved', () => {
    const offset = new StoreOffset();
    offset.observe(1_000, 9_000, 1_000);
    offset.observe(2_000, 4_000, 2_000);

    expect(offset.ms).toBe(2_000);
  });

  it('says how far a wall clock is away at least', () => {
    const offset = new StoreOffset();
    expect(offset.leastFrom(7_000)).toBe(0);
    offset.observe(1_000, 1_590, 1_100);

    expect(offset.leastFrom(500)).toBe(0);
    expect(offset.leastFrom(-5_000)).toBe(5_490);
    expect(offset.leastFrom(6_000)).toBe(-5_410);
  });
});
