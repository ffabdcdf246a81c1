import type { JsonObject } from '../shared/json-value.js';
import type { IntrospectedToken } from '../tokens/introspected-token.js';
import type { JwtHeader } from '../tokens/unverified-jwt.js';

/**
 * An answer of an issuer as what it is to everything behind: a token that somebody vouches for.
 * @param header of a JWT, which says of what kind it is
 */
export function vouched(claims: JsonObject, header: Partial<JwtHeader> = {}): IntrospectedToken {
  return { header, claims } as IntrospectedToken;
}
