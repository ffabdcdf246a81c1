import type { Caller } from '../../callers/caller.js';
import { namesAnyOf } from '../../claims/audience.js';
import { clientIdIn, tokenIdentity } from '../../claims/claim-names.js';
import type { Issuer } from '../../issuers/issuer.js';
import type { IssuerRegistry } from '../../issuers/issuer-registry.js';
import type { Revocations } from '../../revocation/tokens/revocations.js';
import type { JsonObject } from '../../shared/json-value.js';
import type { VouchedToken } from '../../tokens/introspected-token.js';
import type { Rejection } from '../../tokens/rejection.js';
import { OAuthError } from '../../transport/oauth-error.js';
import { notGranted, type Introspector } from '../introspector.js';

/** When asking again makes sense while the shared store does not answer. */
const RETRY_AFTER_SECONDS = 2;

/** What became of a request to revoke, for operators; to the caller all of these are the same. */
export type RevokeOutcome = { readonly revoked: true } | { readonly revoked: false; readonly rejection: Rejection };

/** What {@link TokenRevoker} works with. */
export interface TokenRevokerParts {
  readonly introspector: Introspector;
  readonly revocations: Revocations;
  readonly issuers: Pick<IssuerRegistry, 'byId'>;
}

/** A token that this caller may see, and that is good or was revoked. */
interface Seen {
  readonly issuer: Issuer;
  readonly jwt: VouchedToken;
}

/**
 * RFC 7009: a caller ends a token before its time. The token is judged as introspection judges it, so that nothing is written for one
 * that nobody signed, and nobody learns here what introspection would not say.
 */
export class TokenRevoker {
  constructor(private readonly parts: TokenRevokerParts) {}

  /**
   * @returns that it is revoked at every replica that can be reached, or why there was nothing to revoke
   * @param hint `issuer_hint` of the request
   * @throws {OAuthError} 400 `unauthorized_client` for a token that this caller may see, but not revoke; `unsupported_token_type` for an opaque one without an id; 503 where other replicas cannot know
   * @throws {Unavailable} when we cannot know whether the token is good, and when there is no room
   */
  async revoke(token: string, caller: Caller, hint?: string): Promise<RevokeOutcome> {
    const seen = await this.see(token, caller, hint);
    if ('code' in seen) return { revoked: false, rejection: seen };
    const { issuer, jwt } = seen;
    const { claims } = jwt;
    if (!mayRevoke(caller, issuer, claims)) {
      throw new OAuthError('unauthorized_client', 'this client may not revoke this token', { caller: caller.id });
    }
    if (jwt.keyThumbprint === undefined && tokenIdentity(claims, issuer.names).tokenId === undefined) {
      // RFC 7009 §2.2.1. Nobody has signed it, and so it has nothing but its text, of which nothing is kept anywhere.
      const detail = 'an opaque token without an id: only its issuer can revoke it';
      throw new OAuthError('unsupported_token_type', 'this token can be revoked by its issuer alone', {
        caller: caller.id,
        detail,
      });
    }
    const decider = { by: `caller:${caller.id}`, reason: 'asked for at /revoke' };
    const { isShared } = await this.parts.revocations.revokeToken(issuer, { compact: token, claims }, decider);
    if (isShared) return { revoked: true };
    // RFC 7009 §2.2.1: to the client, the token exists until this was answered otherwise.
    throw new OAuthError('temporarily_unavailable', 'revoked at one instance, which cannot tell the others yet', {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
      caller: caller.id,
      detail: 'the shared store does not answer: the revocation holds at this replica alone for now',
    });
  }

  /** A token that was revoked already is seen as well: whoever got 503 asks again, until all replicas know. */
  private async see(token: string, caller: Caller, hint?: string): Promise<Seen | Rejection> {
    const result = await this.parts.introspector.introspect(token, caller, undefined, undefined, hint);
    if (result.active) return { issuer: result.issuer, jwt: result.jwt };
    const { rejection } = result;
    const { code, issuerId, signed } = rejection;
    const issuer = issuerId === undefined ? undefined : this.parts.issuers.byId(issuerId);
    if (code !== 'revoked_token' || !issuer || !signed) return rejection;
    return notGranted(issuer, signed.claims, caller) ?? { issuer, jwt: signed };
  }
}

/** Whether this caller may end a token that it may see. */
function mayRevoke({ id, revoke, audiences }: Caller, { names }: Issuer, claims: JsonObject): boolean {
  switch (revoke ?? 'none') {
    case 'any':
      return true;
    case 'audience':
      return audiences !== 'any' && namesAnyOf(claims, audiences);
    case 'own':
      return clientIdIn(claims, names) === id;
    case 'none':
      return false;
  }
}
