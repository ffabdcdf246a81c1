/** Is called when there may be a newer record of a source. */
export type NewsListener = (source: string, fence: number) => void;

/** Lets a replica learn what the others have stored. */
export abstract class FleetNews {
  /**
   * Fences of the records that the shared store has of these sources, in their order.
   * @throws {RedisUnavailable}
   */
  abstract fences(sources: readonly string[]): Promise<readonly (number | undefined)[]>;

  /** How long nothing was received, in milliseconds: less than two heartbeats while the subscription lives. */
  abstract get silentForMs(): number;

  /** Hints come at once, or never: what needs to know reads the fences as well. */
  abstract onHint(listener: NewsListener): void;

  abstract start(): void;

  abstract stop(): Promise<void>;
}
