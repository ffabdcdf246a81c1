import { Rejection } from '../tokens/rejection.js';
import type { ClaimCheck, Described } from './claim-check.js';

/** What only ID tokens carry (OpenID Connect Core §2 and §3.3.2.11). */
const idTokenClaims = ['nonce', 'at_hash', 'c_hash'] as const;

/** What only tokens that never grant access carry: RFC 8417 and OIDC logout tokens, RFC 9701, status lists. */
const foreignClaims = ['events', 'token_introspection', 'status_list'] as const;

/** Keycloak writes the kind of its tokens into a claim called `typ`; `Bearer` and `DPoP` are access tokens. */
const keycloakKinds: ReadonlySet<unknown> = new Set(['Refresh', 'Offline', 'Logout']);

/** Which kinds of tokens an issuer's clients use for access. */
export interface TokenKindTerms {
  /** Accepts ID tokens as access tokens (decision D-10). */
  readonly allowIdTokens: boolean;
}

/** RFC 8725 §3.12: tokens of other kinds are refused by what they carry, where their header did not give them away. */
export function refuseOtherKinds({ allowIdTokens }: TokenKindTerms): Described<ClaimCheck> {
  const foreign = `none of ${foreignClaims.join(', ')}, and no refresh, offline or logout token`;
  return {
    about: {
      rule: 'token kind',
      source: 'RFC 8725 §3.12',
      claims: ['typ', ...idTokenClaims, ...foreignClaims],
      expected: allowIdTokens ? foreign : `${foreign}, and no ID token (${idTokenClaims.join(', ')})`,
    },
    check({ claims }) {
      if (foreignClaims.some((claim) => claims[claim] !== undefined))
        return new Rejection('token_kind', 'not a token for access');
      if (keycloakKinds.has(claims['typ'])) return new Rejection('token_kind', 'refresh, offline or logout token');
      if (allowIdTokens) return undefined;
      const isIdToken = claims['typ'] === 'ID' || idTokenClaims.some((claim) => claims[claim] !== undefined);
      return isIdToken ? new Rejection('token_kind', 'ID token') : undefined;
    },
  };
}
