import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { eventually } from '../../test/fakes/eventually.js';
import { SystemClock } from '../shared/clock.js';
import { MeanLoopDelay, MeasuredMeanDelay, Overload } from './overload.js';

class SaidLoopDelay extends MeanLoopDelay {
  ms = 0;
  measured = 0;

  override take(): number {
    this.measured++;
    return this.ms;
  }

  override stop(): void {
    // Nothing runs.
  }
}

function started() {
  const clock = new FakeClock();
  const delay = new SaidLoopDelay();
  const overload = new Overload(clock, delay, 250);
  overload.start();
  return { clock, delay, overload };
}

/** How many of a hundred requests are refused. */
function refused(overload: Overload): number {
  return Array.from({ length: 100 }, () => overload.refusal()).filter((refusal) => refusal !== undefined).length;
}

describe('Overload', () => {
  it('refuses nothing while the loop is in time', async () => {
    const { clock, delay, overload } = started();
    delay.ms = 250;
    await clock.advance(10_000);
    expect(refused(overload)).toBe(0);
  });

  it('refuses nothing for one late measurement', async () => {
    const { clock, delay, overload } = started();
    delay.ms = 2_000;
    await clock.advance(100);
    delay.ms = 0;
    await clock.advance(100);
    expect(refused(overload)).toBe(0);
  });

  it('J-03 X19 refuses more and more of the requests while it stays late, in the end all', async () => {
    const { clock, delay, overload } = started();
    delay.ms = 251;
    const parts: number[] = [];
    for (let turn = 0; turn < 8; turn++) {
      await clock.advance(100);
      parts.push(refused(overload));
    }
    expect(parts.map((part) => Math.round(part / 10) * 10)).toEqual([0, 20, 40, 60, 80, 100, 100, 100]);
  });

  it('takes load back slowly', async () => {
    const { clock, delay, overload } = started();
    delay.ms = 500;
    await clock.advance(1_000);
    delay.ms = 0;
    await clock.advance(100);
    expect(refused(overload)).toBeGreaterThan(90);
    await clock.advance(1_000);
    expect(refused(overload)).toBeLessThan(50);
    await clock.advance(1_000);
    expect(refused(overload)).toBe(0);
  });

  it('says when to come back', async () => {
    const { clock, delay, overload } = started();
    delay.ms = 500;
    await clock.advance(1_000);
    expect(overload.refusal()).toMatchObject({ status: 503, code: 'temporarily_unavailable', retryAfterSeconds: 1 });
  });

  it('measures no more when it was stopped', async () => {
    const { clock, delay, overload } = started();
    overload.stop();
    await clock.advance(1_000);
    expect([delay.measured, clock.timers]).toEqual([0, 0]);
  });
});

describe('MeasuredMeanDelay', () => {
  it('measures how long the loop was kept from its work, and begins anew each time', async () => {
    const clock = new SystemClock();
    const delay = new MeasuredMeanDelay();
    let takenMs = 0;
    await eventually(() => {
      const until = clock.monoMs() + 200;
      while (clock.monoMs() < until);
      takenMs = delay.take();
      return takenMs > 100;
    });
    await eventually(() => delay.take() < takenMs);
    expect(delay.take()).toBeLessThan(takenMs);
    delay.stop();
  });
});
