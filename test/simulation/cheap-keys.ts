import type { VerificationKey } from '../../src/tokens/verification-key.js';
import type { JsonObject } from '../../src/shared/json-value.js';

/** Stands in for the reading of a key: the simulation is about which keys count, not about cryptography. */
export function readJwk(jwk: JsonObject): VerificationKey {
  const kid = jwk['kid'] as string;
  return { thumbprint: kid, kid, verifiers: new Map([['ES256', {} as never]]) };
}

/** The same, where a key is imported. */
export function importJwk(jwk: JsonObject): VerificationKey {
  return readJwk(jwk);
}
