import { OAuthError, type OAuthErrorOptions } from '../../transport/oauth-error.js';

/** RFC 7617 §2: realm is required, and the charset says how ids and secrets are encoded. */
export const basicChallenge = 'Basic realm="assay", charset="UTF-8"';

/** RFC 6750 §3: without `error` when no token was presented. */
export const bearerChallenge = 'Bearer realm="assay"';

/** What only operators hear, and other doors. */
type Particulars = Pick<OAuthErrorOptions, 'caller' | 'isKnownCaller'>;

/** 401 of RFC 6749 §5.2: one constant answer, whatever was wrong with the credentials (X06). */
export function invalidClient(
  detail: string,
  challenges: readonly string[],
  particulars: Particulars = {},
): OAuthError {
  return new OAuthError('invalid_client', 'client authentication failed', { ...particulars, detail, challenges });
}

/** 401 of RFC 6750 §3.1, also for a good token without the privilege (RFC 7662 §2.3, X07). */
export function invalidToken(detail: string, caller?: string): OAuthError {
  const challenges = [`${bearerChallenge}, error="invalid_token"`];
  return new OAuthError('invalid_token', 'the bearer token does not authenticate a caller', {
    detail,
    caller,
    challenges,
  });
}

/** 400: what was presented cannot be read in one way only. */
export function invalidRequest(description: string): OAuthError {
  return new OAuthError('invalid_request', description);
}
