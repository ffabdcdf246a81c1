import { Redis } from 'ioredis';
import { SystemClock, type Clock } from '../shared/clock.js';

/** How long to wait before connecting again after an end that was not asked for, in milliseconds. */
export const COMEBACK_MS = 200;

/**
 * A client that ends only when it is asked to. Where a Sentinel reports a failover while the client still connects to the former
 * primary, ioredis takes its own disconnecting for a request to stop, and never connects again (redis/ioredis#1683).
 */
export class LastingRedis extends Redis {
  private isLeaving = false;

  /** From now on it comes back from every end, until {@link disconnect}. @returns the client itself */
  lasting(clock: Clock = new SystemClock()): this {
    this.on('end', () => {
      clock.after(COMEBACK_MS, () => {
        if (!this.isLeaving && this.status === 'end') this.connect().catch(() => undefined);
      });
    });
    return this;
  }

  override disconnect(reconnect = false): void {
    if (!reconnect) this.isLeaving = true;
    super.disconnect(reconnect);
  }
}
