import type { JsonObject } from '../shared/json-value.js';
import { Rejection } from '../tokens/rejection.js';
import type { JwtHeader } from '../tokens/unverified-jwt.js';
import type { Described } from './claim-check.js';
import { kindSaidBy } from './token-kind-words.js';

/**
 * What ID tokens carry (OpenID Connect Core §2 and §3.3.2.11). Some issuers write it into access tokens as well, so it
 * counts only where the token itself does not say what it is.
 */
const idTokenClaims = ['nonce', 'at_hash', 'c_hash'] as const;

/** What only tokens that never grant access carry: RFC 8417 and OIDC logout tokens, RFC 9701, status lists. */
const foreignClaims = ['events', 'token_introspection', 'status_list'] as const;

/** Which kinds of tokens an issuer's clients use for access. */
export interface TokenKindTerms {
  /** Accepts ID tokens as access tokens (decision D-10). */
  readonly allowIdTokens: boolean;
}

/**
 * RFC 8725 §3.12: tokens of other kinds are refused. What a token says of its own kind decides, in the `typ` of its header, the claim `typ`
 * or the claim `token_use`; a token that contradicts itself is refused. One that says nothing is judged by what it carries.
 */
export function refuseOtherKinds({ allowIdTokens }: TokenKindTerms): Described {
  const foreign = `none of ${foreignClaims.join(', ')}; no refresh, offline or logout token; words for one kind only`;
  const noIdToken = `no ID token by its own word, or without a word by ${idTokenClaims.join(', ')} (allowIdTokens)`;
  return {
    about: {
      rule: 'token kind',
      source: 'RFC 8725 §3.12',
      claims: ['typ', 'token_use', ...idTokenClaims, ...foreignClaims],
      expected: allowIdTokens ? foreign : `${foreign}; ${noIdToken}`,
    },
    check({ header, claims }) {
      if (hasAny(claims, foreignClaims)) return new Rejection('token_kind', 'not a token for access');
      switch (kindOf(header, claims)) {
        case 'access':
          return undefined;
        case 'id':
          return allowIdTokens ? undefined : new Rejection('token_kind', ID_TOKEN);
        case 'like_id':
          return allowIdTokens ? undefined : new Rejection('token_kind', LIKE_ID_TOKEN);
        case 'other':
          return new Rejection('token_kind', 'refresh, offline, logout or registration token');
        case 'contradictory':
          return new Rejection('token_kind', 'it calls itself two kinds of tokens');
      }
    },
  };
}

const ID_TOKEN = 'an ID token by its own word; allowIdTokens accepts those';
const LIKE_ID_TOKEN = 'nonce, at_hash or c_hash, and no word about its kind: an ID token, unless allowIdTokens is set';

type JudgedKind = ReturnType<typeof kindSaidBy> | 'like_id';

function kindOf(header: Partial<JwtHeader>, claims: JsonObject): Exclude<JudgedKind, undefined> {
  return kindSaidBy(header, claims) ?? (hasAny(claims, idTokenClaims) ? 'like_id' : 'access');
}

function hasAny(claims: JsonObject, names: readonly string[]): boolean {
  return names.some((name) => claims[name] !== undefined);
}
