import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../test/fakes/fake-clock.js';
import { SharedMeter, type CommonBudget, type Lease, type LeaseRequest } from './shared-meter.js';

const limit = { perSecond: 200, burst: 100, shared: true };

/** A budget that all meters of a test draw from: without refill, and away when the test says so. */
class CountedBudget implements CommonBudget {
  asked: LeaseRequest[] = [];
  isAway = false;

  constructor(private left: number) {}

  lease(request: LeaseRequest): Promise<Lease> {
    this.asked.push(request);
    if (this.isAway) return Promise.reject(new Error('away'));
    this.left -= request.owed;
    const granted = Math.min(request.wanted, Math.max(0, this.left));
    this.left -= granted;
    return Promise.resolve({ granted, waitMs: granted === 0 ? 500 : 0 });
  }
}

function passes(meter: SharedMeter, times: number): number {
  return Array.from({ length: times }, () => meter.charge()).filter((waitMs) => waitMs === 0).length;
}

describe('SharedMeter', () => {
  it('never waits: the first requests go ahead, and are owed', async () => {
    const clock = new FakeClock();
    const budget = new CountedBudget(1_000);
    const meter = new SharedMeter(limit, budget, clock);
    expect(passes(meter, 5)).toBe(5);
    await clock.advance(0);
    expect(passes(meter, 10)).toBe(10);
    await clock.advance(0);
    expect(budget.asked.reduce((sum, { owed }) => sum + owed, 0)).toBe(5);
    expect(budget.asked.every(({ wanted }) => wanted === 10)).toBe(true);
  });

  it('two replicas share one limit', async () => {
    const clock = new FakeClock();
    const budget = new CountedBudget(100);
    const meters = [new SharedMeter(limit, budget, clock), new SharedMeter(limit, budget, clock)];
    let passed = 0;
    for (let i = 0; i < 200; i++) {
      for (const meter of meters) passed += passes(meter, 1);
      await clock.advance(0);
    }
    expect(passed).toBeGreaterThan(95);
    expect(passed).toBeLessThan(105);
  });

  it('says how long the common budget is empty, and asks again then', async () => {
    const clock = new FakeClock();
    const budget = new CountedBudget(0);
    const meter = new SharedMeter(limit, budget, clock);
    meter.charge();
    await clock.advance(0);
    expect(meter.charge()).toBe(500);
    await clock.advance(499);
    expect([meter.charge(), budget.asked.length]).toEqual([1, 1]);
    await clock.advance(1);
    expect(meter.charge()).toBe(0);
    expect(budget.asked).toHaveLength(2);
  });

  it('asks once at a time, however many requests come meanwhile', async () => {
    const clock = new FakeClock();
    const budget = new CountedBudget(1_000);
    const meter = new SharedMeter(limit, budget, clock);
    expect(passes(meter, 60)).toBe(60);
    expect(budget.asked).toHaveLength(1);
    await clock.advance(0);
  });

  it('holds the whole limit by itself, so that what goes ahead is bounded', () => {
    const meter = new SharedMeter(limit, { lease: () => new Promise(() => undefined) }, new FakeClock());
    expect(passes(meter, 500)).toBe(100);
  });

  it('is a local limit while the common budget is away, leaves it alone for a second, and owes it nothing', async () => {
    const clock = new FakeClock();
    const budget = new CountedBudget(1_000);
    budget.isAway = true;
    const meter = new SharedMeter(limit, budget, clock);
    expect(passes(meter, 1)).toBe(1);
    await clock.advance(0);
    expect(passes(meter, 200)).toBe(99);
    await clock.advance(999);
    passes(meter, 10);
    expect(budget.asked).toHaveLength(1);
    budget.isAway = false;
    await clock.advance(1);
    passes(meter, 1);
    await clock.advance(0);
    expect(budget.asked.slice(1)).toEqual([{ owed: 1, wanted: 10 }]);
  });
});
