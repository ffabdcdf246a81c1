import type { handleUnaryCall, ServerUnaryCall } from '@grpc/grpc-js';
import { sourceOfCall } from '../../callers/presented-by-call.js';
import { OAuthError } from '../../callers/oauth-error.js';
import type { Clock } from '../../shared/clock.js';
import type { Logger } from '../../telemetry/logger.js';
import { logFailure } from '../introspection-log.js';
import { errorStatus } from './error-status.js';

/** What every method needs, whatever it does. */
export interface UnaryTools {
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Makes a method out of a function: what it throws becomes a status, and goes to the log. A call whose deadline has passed is
 * not begun; the library answers DEADLINE_EXCEEDED, as it does when that happens later.
 */
export function unary<Request, Response>(
  answer: (call: ServerUnaryCall<Request, Response>) => Promise<Response>,
  { clock, logger }: UnaryTools,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    if (Number(call.getDeadline()) <= clock.wallMs()) return;
    answer(call).then(
      (response) => {
        callback(null, response);
      },
      (error: unknown) => {
        logFailure(logger, error, httpStatusOf(error), sourceOfCall(call));
        callback(errorStatus(error));
      },
    );
  };
}

function httpStatusOf(error: unknown): number {
  return error instanceof OAuthError ? error.status : 500;
}
