import { Metadata, status as codes } from '@grpc/grpc-js';
import { clientOfCall, sourceOfCall } from './peer-of-call.js';
import { OAuthError } from '../oauth-error.js';
import { Unavailable } from '../../shared/unavailable.js';
import type { Clock } from '../../shared/clock.js';
import type { Logger } from '../../telemetry/logger.js';
import type { TraceCarrier } from '../../telemetry/tracing/tracing.js';
import { logFailure } from '../failure-log.js';
import { requestIdOf } from '../request-id.js';
import type { RequestObserver } from '../request-observer.js';
import type { Endpoint, RequestReport } from '../request-report.js';
import type { TrustedProxies } from '../trusted-proxies.js';
import { errorStatus } from './error-status.js';
import { RpcConvention } from './rpc-convention.js';
import type { ReceivedCall, UnaryHandler } from './unary-method.js';

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
  answer: (call: ReceivedCall<Request, Response>, report: RequestReport) => Response | Promise<Response>,
  { clock, logger, observer, trusted }: UnaryTools,
): UnaryHandler<Request, Response> {
  let convention: RpcConvention | undefined;
  return (call, callback) => {
    const { metadata } = call;
    const source = sourceOfCall(call);
    const requestId = requestIdOf(onlyText(metadata.get(REQUEST_ID)), source, trusted);
    // Of all calls of one method the path is the same.
    convention ??= new RpcConvention(call.getPath().slice(1), observer.metrics);
    const report = observer.begin(endpoint, traceCarrier(metadata), source, convention, requestId);
    const reply = (response: Response): void => {
      report.end(200, codes.OK);
      // In the metadata after the answer: those before it would be sent while the answer can still become an error.
      callback(null, response, named(new Metadata(), requestId));
    };
    const refuse = (error: unknown): void => {
      const status = httpStatusOf(error);
      const answer = errorStatus(error, Number(call.getDeadline()) - clock.wallMs());
      logFailure(logger, error, status, clientOfCall(call, trusted), requestId);
      report.failed(error);
      report.end(status, answer.code);
      callback({ ...answer, metadata: named(answer.metadata ?? new Metadata(), requestId) });
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

/** Key of the metadata: the name that the header field has over HTTP. */
const REQUEST_ID = 'x-request-id';

function named(metadata: Metadata, requestId: string): Metadata {
  metadata.set(REQUEST_ID, requestId);
  return metadata;
}

/** The value of metadata that is there once, and is text. */
function onlyText([value, another]: readonly (string | Buffer)[]): string | undefined {
  return typeof value === 'string' && another === undefined ? value : undefined;
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
