import type { IssuerRegistry } from '../issuers/issuer-registry.js';
import type { KeyManager } from './key-manager.js';

/** Issuers together with what knows their keys. */
export interface ManagedIssuers {
  readonly issuers: IssuerRegistry;
  readonly keys: KeyManager;
}

/**
 * Makes a {@link KeyManager} for each registry, and starts and stops all of them together. There are two: one for the issuers
 * of tokens, and one for the callers as issuers of their own assertions, whose keys must never meet the others.
 */
export class KeyManagers {
  private readonly made: ManagedIssuers[] = [];

  /** The keys of the issuers of tokens. */
  readonly tokens: KeyManager;

  /**
   * @param make composes the keys of one registry
   * @param tokenIssuers come first: where an issuer and a caller have one id, operators mean the issuer
   * @param clockSkew how far the clock of the shared store is ahead of ours, at least; in milliseconds
   */
  constructor(
    private readonly make: (issuers: IssuerRegistry) => KeyManager,
    tokenIssuers: IssuerRegistry,
    private readonly clockSkew: () => number = () => 0,
  ) {
    this.tokens = this.manage(tokenIssuers);
  }

  /** A key manager that follows `issuers`. */
  manage(issuers: IssuerRegistry): KeyManager {
    const keys = this.make(issuers);
    this.made.push({ issuers, keys });
    return keys;
  }

  /** All that were made, in that order. */
  all(): readonly ManagedIssuers[] {
    return this.made;
  }

  /** How far the clock of the shared store is ahead of ours, at least; in milliseconds, 0 where there is none. */
  get clockSkewMs(): number {
    return this.clockSkew();
  }

  /** Begins to refresh keys. Nothing waits for any issuer. */
  start(): void {
    for (const { keys } of this.made) keys.start();
  }

  /** Refreshes nothing any more, and gives up what is under way. */
  stop(): void {
    for (const { keys } of this.made) keys.stop();
  }
}
