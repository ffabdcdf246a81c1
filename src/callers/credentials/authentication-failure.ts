import { OAuthError } from '../../transport/oauth-error.js';

/** A verdict, not an error: the credentials that were presented do not prove who is asking. */
export class AuthenticationFailure {
  /**
   * @param detail for operators; a constant sentence, never anything that was presented
   * @param caller id of the registered caller that the credentials name, where they name one
   * @param waitMs where they were not judged: milliseconds until they may be
   */
  constructor(
    readonly detail: string,
    readonly caller?: string,
    readonly waitMs?: number,
  ) {}
}

/** RFC 7617 §2: realm is required, and the charset says how ids and secrets are encoded. */
export const basicChallenge = 'Basic realm="assay", charset="UTF-8"';

/** RFC 6750 §3: without `error` when no token was presented. */
export const bearerChallenge = 'Bearer realm="assay"';

/**
 * 401 of RFC 6749 §5.2: one constant answer, whatever was wrong with the credentials (X06).
 * @param isKnownCaller the caller is who it says, and may do nothing: gRPC has another code for that (X08)
 */
export function invalidClient(
  { detail, caller }: AuthenticationFailure,
  challenges: readonly string[],
  isKnownCaller = false,
): OAuthError {
  const options = { detail, caller, challenges, isKnownCaller };
  return new OAuthError('invalid_client', 'client authentication failed', options);
}

/** 401 of RFC 6750 §3.1, also for a good token without the privilege (RFC 7662 §2.3, X07). */
export function invalidToken({ detail, caller }: AuthenticationFailure): OAuthError {
  const challenges = [`${bearerChallenge}, error="invalid_token"`];
  const options = { detail, caller, challenges };
  return new OAuthError('invalid_token', 'the bearer token does not authenticate a caller', options);
}

/** 400: what was presented cannot be read in one way only. */
export function invalidRequest(description: string): OAuthError {
  return new OAuthError('invalid_request', description);
}

/** 401 to a request that presents no credentials at all; an error of its own, because RFC 9701 §5 answers it otherwise. */
export class CredentialsMissing extends OAuthError {
  constructor(challenges: readonly string[]) {
    super('invalid_client', 'client authentication failed', { detail: 'no credentials were presented', challenges });
  }
}
