import type { Caller } from '../callers/caller.js';
import { OAuthError } from '../callers/oauth-error.js';
import { KeysUnavailable } from '../keys/keys-unavailable.js';
import type { Logger } from '../telemetry/logger.js';
import type { Rejection } from '../tokens/rejection.js';

/** Writes why a token is not active: what the caller never hears. */
export function logInactive(logger: Logger, caller: Caller, { code, detail, issuerId }: Rejection): void {
  logger.info({ caller: caller.id, issuer: issuerId, rejection: code, detail }, 'token is not active');
}

/**
 * Writes why a request got no verdict, the same words for every door.
 * @param status HTTP status that the error has, whatever the door answers
 * @param source address of the peer
 */
export function logFailure(logger: Logger, error: unknown, status: number, source: string): void {
  if (error instanceof KeysUnavailable) {
    logger.info({ issuer: error.issuerId, cause: error.cause }, 'keys of the issuer are not available');
  } else if (status >= 500 && !(error instanceof OAuthError)) {
    logger.error({ error }, 'unexpected error');
  } else {
    const known = error instanceof OAuthError ? error : undefined;
    const fields = { status, detail: known?.detail ?? known?.description, caller: known?.caller, source };
    if (status === 401 || status === 403 || status === 429) logger.info(fields, 'caller refused');
    else logger.debug(fields, 'request refused');
  }
}
