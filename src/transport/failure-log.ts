import { Unavailable } from '../shared/unavailable.js';
import type { Logger } from '../telemetry/logger.js';
import { OAuthError } from './oauth-error.js';

/**
 * Writes why a request got no verdict, the same words for every endpoint.
 * @param status HTTP status that the error has, whatever the endpoint answers
 * @param source address of the client: the peer, or what a trusted proxy says
 * @param request_id name of the request, as its answer has it
 */
export function logFailure(logger: Logger, error: unknown, status: number, source: string, request_id: string): void {
  if (error instanceof Unavailable) {
    logger.info({ issuer: error.issuerId, cause: error.cause, request_id }, error.message);
  } else if (status >= 500 && !(error instanceof OAuthError)) {
    logger.error({ error, request_id }, 'unexpected error');
  } else {
    const known = error instanceof OAuthError ? error : undefined;
    const fields = { status, detail: known?.detail ?? known?.description, caller: known?.caller, source, request_id };
    if (status === 401 || status === 403 || status === 429) logger.info(fields, 'caller refused');
    else logger.debug(fields, 'request refused');
  }
}
