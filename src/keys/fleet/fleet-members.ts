/** Replicas assumed where their number was never known: fetching too rarely is corrected by the first heartbeat. */
export const ASSUMED_REPLICAS = 10;

/** Counts the replicas of this region that live. */
export abstract class FleetMembers {
  /** Live replicas as last seen, this one included, at least 1. Remembered while the store that counts them is away. */
  abstract get size(): number;

  /** Starts to be counted as one of them. */
  abstract start(): void;

  /** Is not counted any more. Never rejects. */
  abstract stop(): Promise<void>;
}
