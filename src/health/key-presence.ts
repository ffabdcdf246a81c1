import type { Issuer } from '../issuers/issuer.js';

/** Says whether tokens of an issuer can be verified now. Health asks nothing else of the keys. */
export abstract class KeyPresence {
  /** Whether there is a key set of `issuer` that may still be trusted. */
  abstract hasKeys(issuer: Issuer): boolean;
}
