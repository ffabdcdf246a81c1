import { describe, expect, it } from 'vitest';
import { eventually } from '../../test/fakes/eventually.js';
import { SystemClock } from '../shared/clock.js';
import { MeasuredLoopDelay } from './loop-delay.js';

describe('MeasuredLoopDelay', () => {
  it('measures how long the loop was kept from its work, and begins anew each time', async () => {
    const clock = new SystemClock();
    const delay = new MeasuredLoopDelay();
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
