import type { IssuerRegistry } from '../issuers/issuer-registry.js';
import type { KeyManager } from '../keys/key-manager.js';

/** Issuers with their keys: those of tokens, or the callers as issuers of their own assertions. */
export interface IssuerSide {
  readonly issuers: IssuerRegistry;
  readonly keys: KeyManager;
}
