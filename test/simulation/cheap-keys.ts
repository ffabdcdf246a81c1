import type { VerificationKey } from '../../src/tokens/verification-key.js';
import type { JsonObject } from '../../src/shared/json-value.js';

/** Stands in for the import of a key: the simulation is about which keys count, not about cryptography. */
export function importJwk(jwk: JsonObject): Promise<VerificationKey> {
  const kid = jwk['kid'] as string;
  return Promise.resolve({ thumbprint: kid, kid, verifiers: new Map([['ES256', {} as never]]) });
}
