import type { FleetEvent } from './fleet-event.js';

/** Most events that are kept for all replicas together: the latest. */
export const MOST_SHARED = 500;

/** The latest events of all replicas. */
export interface ReadEvents {
  /** In no order. */
  readonly events: readonly FleetEvent[];
  /** From when on every event is among them that was shared, milliseconds since the epoch; `undefined`: nothing ever was. */
  readonly sinceMs: number | undefined;
}

/** Where replicas put what happened, so that each of them can show it all, and it outlives them. */
export abstract class SharedEvents {
  /** @throws {RedisUnavailable} */
  abstract add(events: readonly FleetEvent[]): Promise<void>;

  /** @throws {RedisUnavailable} */
  abstract read(): Promise<ReadEvents>;
}
