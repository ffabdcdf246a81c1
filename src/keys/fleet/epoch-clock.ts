import { Clock, type Timer } from '../../shared/clock.js';

/**
 * Monotonic time, counted from the epoch: close to what a store's clock says, so that fences made from either grow in
 * the same range, and as unimpressed by a stepped host clock as any monotonic time.
 */
export class EpochClock extends Clock {
  private readonly originMs: number;

  constructor(private readonly clock: Clock) {
    super();
    this.originMs = clock.wallMs() - clock.monoMs();
  }

  override wallMs(): number {
    return this.clock.wallMs();
  }

  override monoMs(): number {
    return Math.floor(this.originMs + this.clock.monoMs());
  }

  override after(delayMs: number, action: () => void): Timer {
    return this.clock.after(delayMs, action);
  }
}
