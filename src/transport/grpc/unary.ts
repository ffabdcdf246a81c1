import type { handleUnaryCall, Metadata, ServerUnaryCall } from '@grpc/grpc-js';
import { clientOfCall, sourceOfCall } from './peer-of-call.js';
import { OAuthError } from '../oauth-error.js';
import { Unavailable } from '../../shared/unavailable.js';
import type { Clock } from '../../shared/clock.js';
import type { Logger } from '../../telemetry/logger.js';
import type { TraceCarrier } from '../../telemetry/tracing/tracing.js';
import { logFailure } from '../failure-log.js';
import type { RequestObserver } from '../request-observer.js';
import type { Endpoint, RequestReport } from '../request-report.js';
import type { TrustedProxies } from '../trusted-proxies.js';

import { errorStatus } from './error-status.js';

/** What every method needs, whatever it does. */
export interface UnaryTools {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly observer: RequestObserver;
  /** Whose word about the address of a client is taken. */
  readonly trusted: TrustedProxies;
}

/**
 * Makes a method out of a function: what it throws becomes a status, and goes to the log; operators hear of every call.
 */
export function unary<Request, Response>(
  endpoint: Endpoint,
  answer: (call: ServerUnaryCall<Request, Response>, report: RequestReport) => Response | Promise<Response>,
  { clock, logger, observer, trusted }: UnaryTools,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    const report = observer.begin(endpoint, traceCarrier(call.metadata), sourceOfCall(call));
    const reply = (response: Response): void => {
      report.end(200);
      callback(null, response);
    };
    const refuse = (error: unknown): void => {
      const status = httpStatusOf(error);
      logFailure(logger, error, status, clientOfCall(call, trusted));
      report.failed(error);
      report.end(status);
      callback(errorStatus(error, Number(call.getDeadline()) - clock.wallMs()));
    };
    const run = (): void => {
      let answered: Response | Promise<Response>;
      try {
        answered = answer(call, report);
      } catch (error) {
        refuse(error);
        return;
      }
      if (answered instanceof Promise) void answered.then(reply, refuse);
      else reply(answered);
    };
    if (report.span) report.span.run(run);
    else run();
  };
}

function httpStatusOf(error: unknown): number {
  if (error instanceof Unavailable) return 503;
  return error instanceof OAuthError ? error.status : 500;
}

/** Several values of one name are joined, as HTTP joins them (RW3C-02). */
function traceCarrier(metadata: Metadata): TraceCarrier {
  const traceparent = metadata.get('traceparent');
  if (traceparent.length === 0) return none;
  const tracestate = metadata.get('tracestate');
  return { traceparent: traceparent.join(), ...(tracestate.length > 0 && { tracestate: tracestate.join() }) };
}

const none: TraceCarrier = {};
