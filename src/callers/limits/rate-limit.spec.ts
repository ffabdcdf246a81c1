import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../test/fakes/fake-clock.js';
import { LocalMeter } from './rate-limit.js';

const limit = { perSecond: 10, burst: 3, shared: false };

describe('LocalMeter', () => {
  it('lets a burst through at once, and then says how long to wait', () => {
    const meter = new LocalMeter(limit, new FakeClock());
    expect([1, 2, 3, 4, 5].map(() => meter.charge())).toEqual([0, 0, 0, 100, 100]);
  });

  it('lets one more through when that time is over, and not before', async () => {
    const clock = new FakeClock();
    const meter = new LocalMeter(limit, clock);
    for (let i = 0; i < 3; i++) meter.charge();
    await clock.advance(99);
    expect(meter.charge()).toBeCloseTo(1);
    await clock.advance(1);
    expect([meter.charge(), meter.charge()]).toEqual([0, 100]);
  });

  it('saves up no more than a burst', async () => {
    const clock = new FakeClock();
    const meter = new LocalMeter(limit, clock);
    await clock.advance(86_400_000);
    expect([1, 2, 3, 4].map(() => meter.charge())).toEqual([0, 0, 0, 100]);
  });

  it('does not care for a host clock that is set back', () => {
    const clock = new FakeClock();
    const meter = new LocalMeter(limit, clock);
    clock.stepWall(-86_400_000);
    expect(meter.charge()).toBe(0);
  });

  it('never lets more through than burst + rate × time, nor less where it is always asked', async () => {
    const arbitrary = fc.record({
      perSecond: fc.integer({ min: 1, max: 5_000 }),
      burst: fc.integer({ min: 1, max: 50 }),
    });
    await fc.assert(
      fc.asyncProperty(
        arbitrary,
        fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 25 }),
        async (terms, pauses) => {
          const clock = new FakeClock();
          const meter = new LocalMeter({ ...terms, shared: false }, clock);
          let passed = 0;
          const drain = (): void => {
            while (meter.charge() === 0) passed++;
          };
          drain();
          for (const pause of pauses) {
            await clock.advance(pause);
            drain();
          }
          const earned = (clock.monoMs() * terms.perSecond) / 1000;
          expect(passed).toBeLessThanOrEqual(terms.burst + earned + 0.001);
          // A pause that fills the bucket also spills the part of a request that was left in it.
          const lost = pauses.reduce(
            (sum, pause) => sum + Math.max(0, (pause * terms.perSecond) / 1000 + 1 - terms.burst),
            0,
          );
          expect(passed).toBeGreaterThan(terms.burst + earned - lost - 1 - 0.001);
        },
      ),
      { numRuns: 200 },
    );
  });
});
