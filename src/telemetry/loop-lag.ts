import { monitorEventLoopDelay, type ELDHistogram } from 'node:perf_hooks';
import type { Clock } from '../shared/clock.js';

/** How often it is measured, in milliseconds. */
const RESOLUTION_MS = 20;

/** How long a histogram is the younger one, in milliseconds: what is shown is at least as old, and at most twice as old. */
const TURN_MS = 30_000;

/** By how much the event loop was late, in seconds. */
export type LagFigures = Readonly<Record<'min' | 'max' | 'mean' | 'stddev' | 'p50' | 'p90' | 'p99', number>>;

const unmeasured: LagFigures = { min: 0, max: 0, mean: 0, stddev: 0, p50: 0, p90: 0, p99: 0 };

/**
 * Measures for metrics and for operators by how much the event loop was late in the last minute: the delays of a start should not be shown for ever. There
 * are two histograms, of which one begins anew while the other one is shown. So several that ask take nothing away from each other.
 */
export class LoopLag {
  private older = beginHistogram();
  private younger = beginHistogram();
  private turnedMs: number;

  constructor(private readonly clock: Pick<Clock, 'monoMs'>) {
    this.turnedMs = clock.monoMs();
  }

  take(): LagFigures {
    const { older, younger } = this;
    const figures = figuresOf(older);
    const nowMs = this.clock.monoMs();
    if (nowMs - this.turnedMs >= TURN_MS) {
      older.reset();
      [this.older, this.younger] = [younger, older];
      this.turnedMs = nowMs;
    }
    return figures;
  }

  stop(): void {
    this.older.disable();
    this.younger.disable();
  }
}

function beginHistogram(): ELDHistogram {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  return histogram;
}

function figuresOf(histogram: ELDHistogram): LagFigures {
  if (histogram.count === 0) return unmeasured;
  return {
    min: late(histogram.min),
    max: late(histogram.max),
    mean: late(histogram.mean),
    stddev: histogram.stddev / 1e9,
    p50: late(histogram.percentile(50)),
    p90: late(histogram.percentile(90)),
    p99: late(histogram.percentile(99)),
  };
}

/** By how much the time between two measurements was longer than was intended, in seconds. @param nanoseconds that time */
function late(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e9 - RESOLUTION_MS / 1_000);
}
