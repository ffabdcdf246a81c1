import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How late the event loop is: what every request waits before anybody looks at it. */
export abstract class LoopDelay {
  /** Mean delay since the last call, in milliseconds. */
  abstract take(): number;

  /** Measures no more. */
  abstract stop(): void;
}

/** How often the delay is measured, in milliseconds. */
const RESOLUTION_MS = 10;

/** The delay of this process. */
export class MeasuredLoopDelay extends LoopDelay {
  private readonly histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  constructor() {
    super();
    this.histogram.enable();
  }

  override take(): number {
    const { count, mean } = this.histogram;
    this.histogram.reset();
    // It measures the time between two measurements, of which most is on purpose.
    return count === 0 ? 0 : Math.max(0, mean / 1e6 - RESOLUTION_MS);
  }

  override stop(): void {
    this.histogram.disable();
  }
}
