/** Hears that there may be a newer record of a source. */
export type NewsListener = (source: string, fence: number) => void;

/** How a replica learns what the others have stored. */
export abstract class FleetNews {
  /**
   * Fences of the records that the shared store has of these sources, in their order.
   * @throws {RedisUnavailable}
   */
  abstract fences(sources: readonly string[]): Promise<readonly (number | undefined)[]>;

  /** How long nothing was heard, in milliseconds: of a living subscription less than two heartbeats. */
  abstract get silentForMs(): number;

  /** Hints come at once, or never: whoever needs to know reads the fences as well. */
  abstract onHint(listener: NewsListener): void;

  abstract start(): void;

  abstract stop(): Promise<void>;
}
