import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { SystemClock } from '../shared/clock.js';
import { MeasuredLoopDelay } from './loop-delay.js';

describe('MeasuredLoopDelay', () => {
  it('measures how long the loop was kept from its work, and begins anew each time', async () => {
    const clock = new SystemClock();
    const delay = new MeasuredLoopDelay();
    await sleep(50);
    delay.take();
    const until = clock.monoMs() + 400;
    while (clock.monoMs() < until);
    await sleep(20);
    const blockedMs = delay.take();
    expect(blockedMs).toBeGreaterThan(100);
    await sleep(300);
    expect(delay.take()).toBeLessThan(blockedMs);
    delay.stop();
  });
});
