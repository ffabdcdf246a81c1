/** Is called when a record of a source may have been stored. @param name see `sourceName` */
export type NewsListener = (name: string, fence: number) => void;

/** Hears at once, or never, what other replicas have stored: who needs to know follows the log of changes as well. */
export abstract class FleetNews {
  /** How long nothing was received, in milliseconds: less than two heartbeats while the subscription lives. */
  abstract get silentForMs(): number;

  abstract onHint(listener: NewsListener): void;

  abstract start(): void;

  abstract stop(): Promise<void>;
}
