import { Redis } from 'ioredis';
import { SystemClock, type Clock } from '../shared/clock.js';

/** How long to wait before coming back from an end that nobody ordered, in milliseconds. */
export const COMEBACK_MS = 200;

/**
 * A client that stays away only when it is told to. Where a Sentinel tells of a failover while the client is still on its way to
 * the primary that was, ioredis takes its own hanging up for an order to stop, and never connects again (redis/ioredis#1683).
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
