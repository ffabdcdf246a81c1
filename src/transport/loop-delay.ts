import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How late the event loop is: what every request waits before anybody looks at it. */
export abstract class LoopDelay {
  /** Mean delay since the last call, in milliseconds; where nothing was measured since, as before. */
  abstract take(): number;

  /** Measures no more. */
  abstract stop(): void;
}

/** How often the delay is measured, in milliseconds. */
const RESOLUTION_MS = 10;

/**
 * The delay of this process. The histogram is never reset: it does not count the time between a reset and the next
 * measurement, which is all that there is when the loop is very late.
 */
export class MeasuredLoopDelay extends LoopDelay {
  private readonly histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  private count = 0;
  private sumMs = 0;
  private latestMs = 0;

  constructor() {
    super();
    this.histogram.enable();
  }

  override take(): number {
    const { count } = this.histogram;
    const measured = count - this.count;
    if (measured === 0) return this.latestMs;
    const sumMs = (count * this.histogram.mean) / 1e6;
    // It measures the time between two measurements, of which most is on purpose.
    this.latestMs = Math.max(0, (sumMs - this.sumMs) / measured - RESOLUTION_MS);
    this.count = count;
    this.sumMs = sumMs;
    return this.latestMs;
  }

  override stop(): void {
    this.histogram.disable();
  }
}
