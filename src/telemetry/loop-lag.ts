import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock } from '../shared/clock.js';

/** How often the loop is asked whether it is late, in milliseconds. */
const RESOLUTION_MS = 20;

/** From then on what is measured is of the past, in milliseconds: nobody should see the delays of a start for ever. */
const LONGEST_MS = 30_000;

/** By how much the event loop was late, in seconds. */
export type LagFigures = Readonly<Record<'min' | 'max' | 'mean' | 'stddev' | 'p50' | 'p90' | 'p99', number>>;

const unmeasured: LagFigures = { min: 0, max: 0, mean: 0, stddev: 0, p50: 0, p90: 0, p99: 0 };

/** Measures for the metrics by how much the event loop is late, in the last half minute or since somebody asked. */
export class LoopLag {
  private readonly histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  private sinceMs: number;

  constructor(private readonly clock: Pick<Clock, 'monoMs'>) {
    this.sinceMs = clock.monoMs();
    this.histogram.enable();
  }

  /** Two who ask within half a minute get figures of the same time: none takes them away from the other. */
  take(): LagFigures {
    const { histogram } = this;
    if (histogram.count === 0) return unmeasured;
    const figures = {
      min: late(histogram.min),
      max: late(histogram.max),
      mean: late(histogram.mean),
      stddev: histogram.stddev / 1e9,
      p50: late(histogram.percentile(50)),
      p90: late(histogram.percentile(90)),
      p99: late(histogram.percentile(99)),
    };
    if (this.clock.monoMs() - this.sinceMs >= LONGEST_MS) {
      histogram.reset();
      this.sinceMs = this.clock.monoMs();
    }
    return figures;
  }

  stop(): void {
    this.histogram.disable();
  }
}

/** The time of a turn is the time between two questions, most of which is meant. @param nanoseconds one turn */
function late(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e9 - RESOLUTION_MS / 1_000);
}
