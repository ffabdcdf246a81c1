import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How often the loop is asked whether it is late, in milliseconds. */
const RESOLUTION_MS = 20;

/** Fewer turns than this say nothing: one second of them. */
const FEWEST_TURNS = 50;

/** Measures by how much the event loop of this process is late: every request waits as long. */
export class LoopDelay {
  private readonly histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  private latest = 0;

  start(): void {
    this.histogram.enable();
  }

  /** The delay that 99 of 100 turns stayed below since it was taken before, in milliseconds. */
  take(): number {
    const { histogram } = this;
    if (histogram.count < FEWEST_TURNS) return this.latest;
    this.latest = Math.max(0, Math.round(histogram.percentile(99) / 1e6 - RESOLUTION_MS));
    histogram.reset();
    return this.latest;
  }
}
