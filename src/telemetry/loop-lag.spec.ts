import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../../test/fakes/eventually.js';
import { LoopLag } from './loop-lag.js';

/** Keeps the event loop for a tenth of a second. */
function block(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
}

describe('the delay of the event loop', () => {
  let nowMs = 0;
  const lag = new LoopLag({ monoMs: () => nowMs });

  afterEach(() => {
    lag.stop();
  });

  it('is shown to each that asks, and not for ever', async () => {
    await eventually(() => {
      block();
      return lag.take().max > 0.05;
    });
    nowMs += 30_000;
    expect(lag.take().max).toBeGreaterThan(0.05);
    expect(lag.take().max).toBeGreaterThan(0.05);
    nowMs += 30_000;
    lag.take();
    expect(lag.take().max).toBe(0);
  });
});
