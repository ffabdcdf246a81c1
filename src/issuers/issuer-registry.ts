import type { Issuer } from './issuer.js';

/** What changed when the registered issuers were replaced. An issuer whose key source changed is in `added` and in `removed`. */
export interface IssuerChange {
  readonly added: readonly Issuer[];
  readonly removed: readonly Issuer[];
}

/** The issuers whose tokens we judge. Exact `iss`, or nothing. */
export abstract class IssuerRegistry {
  /** The issuer whose identifier equals `iss` code point by code point, or `undefined`. */
  abstract find(iss: string): Issuer | undefined;

  /** The issuer with this short id, or `undefined`. */
  abstract byId(id: string): Issuer | undefined;

  abstract all(): readonly Issuer[];

  /** Calls `listener` in the same tick as each replacement. */
  abstract onChange(listener: (change: IssuerChange) => void): void;
}
