/** The words with which tokens say of themselves what kind they are, at every place where issuers write them. */
import type { JsonObject, JsonValue } from '../shared/json-value.js';
import type { JwtHeader } from '../tokens/unverified-jwt.js';

/** `other`: a token that never grants access to a resource, such as a refresh token. */
export type TokenKind = 'access' | 'id' | 'other';

/** RFC 9068 §2.1, and the types that some issuers give to other tokens. `JWT` says nothing, nor does a type that is not here. */
const headerTypes: ReadonlyMap<string, TokenKind> = new Map([
  ['at+jwt', 'access'],
  ['id+jwt', 'id'],
  ['id_token+jwt', 'id'],
  ['rt+jwt', 'other'],
  ['refresh+jwt', 'other'],
  ['logout+jwt', 'other'],
  ['secevent+jwt', 'other'],
]);

/**
 * The claim `typ` of Keycloak, whose access tokens are `Bearer` and `DPoP`, with the names of its other tokens; and `token_use` of Amazon Cognito.
 * Lower-case. They share a table, because issuers that copied the one idea or the other use the same words.
 */
const claimedKinds: ReadonlyMap<string, TokenKind> = new Map([
  ['bearer', 'access'],
  ['dpop', 'access'],
  ['access', 'access'],
  ['access_token', 'access'],
  ['at+jwt', 'access'],
  ['id', 'id'],
  ['id_token', 'id'],
  ['serialized-id', 'id'],
  ['refresh', 'other'],
  ['refresh_token', 'other'],
  ['offline', 'other'],
  ['offline_access', 'other'],
  ['logout', 'other'],
  ['logout_token', 'other'],
  ['initialaccesstoken', 'other'],
  ['registrationaccesstoken', 'other'],
]);

/** Claims in which tokens name their kind. */
const claimsWithWords = ['typ', 'token_use'] as const;

/** @returns `undefined` where the token has no word about its kind that is known, `contradictory` where its words differ */
export function kindSaidBy({ typ }: Partial<JwtHeader>, claims: JsonObject): TokenKind | 'contradictory' | undefined {
  let said = typ === undefined ? undefined : headerTypes.get(typ);
  for (const name of claimsWithWords) {
    const word = kindNamed(claims[name]);
    if (word !== undefined && said !== undefined && word !== said) return 'contradictory';
    said ??= word;
  }
  return said;
}

function kindNamed(value: JsonValue | undefined): TokenKind | undefined {
  return typeof value === 'string' ? claimedKinds.get(value.toLowerCase()) : undefined;
}
