/** Refuses a part of the requests when there are more than can be answered in time, so that the others are. */
import { OAuthError } from './oauth-error.js';
import type { Clock, Timer } from '../shared/clock.js';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How late the event loop is on average: so long every request waits before anything is done for it. */
export abstract class MeanLoopDelay {
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
export class MeasuredMeanDelay extends MeanLoopDelay {
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

/** How often the delay is looked at, in milliseconds. */
const SAMPLE_MS = 100;

/** One late look is a pause of the garbage collector, or a new configuration. */
const LATE_SAMPLES = 2;

/** Part of the requests that is refused more after a measurement that found the loop late again, and less after one that did not. */
const MORE = 0.2;
const LESS = 0.05;

/**
 * Refuses a part of the requests while the event loop is late, so that the others are answered in time: a refusal costs
 * little, and a client that gets one asks another replica. The part grows while the loop stays late, and shrinks
 * slowly, so that load does not come back at once.
 */
export class Overload {
  private part = 0;
  private lateSamples = 0;
  private passed = 0;
  private latestMs = 0;
  private timer: Timer | undefined;

  /** @param limitMs delay from which on requests are refused */
  constructor(
    private readonly clock: Clock,
    private readonly delay: MeanLoopDelay,
    private readonly limitMs: number,
  ) {}

  /** Looks from now on. */
  start(): void {
    this.timer = this.clock.after(SAMPLE_MS, () => {
      this.sample();
      this.start();
    });
  }

  stop(): void {
    this.timer?.cancel();
    this.delay.stop();
  }

  /** To be asked once for each request. @returns with what it is refused, or `undefined` */
  refusal(): OAuthError | undefined {
    if (this.part === 0) return undefined;
    this.passed += this.part;
    if (this.passed < 1) return undefined;
    this.passed -= 1;
    return new OAuthError('temporarily_unavailable', 'this instance has too much to do', { retryAfterSeconds: 1 });
  }

  /** How late the event loop was at the latest measurement, in milliseconds. */
  get delayMs(): number {
    return this.latestMs;
  }

  private sample(): void {
    this.latestMs = this.delay.take();
    this.lateSamples = this.latestMs > this.limitMs ? this.lateSamples + 1 : 0;
    if (this.lateSamples >= LATE_SAMPLES) this.part = Math.min(1, this.part + MORE);
    else if (this.lateSamples === 0) this.part = Math.max(0, this.part - LESS);
  }
}
