import type { ProxyAuthenticator } from '../callers/proxy-authenticator.js';
import type { VerdictRecorder } from '../introspection/verdicts/verdict-recorder.js';
import { whenKnown } from '../shared/when-known.js';
import { logFailure } from '../transport/failure-log.js';
import type { GrpcService } from '../transport/grpc/grpc-service.js';
import { Proto } from '../transport/grpc/load-proto.js';
import { certificateOfCall, clientOfCall, sourceOfCall } from '../transport/grpc/peer-of-call.js';
import type { ReceivedCall } from '../transport/grpc/unary-method.js';
import { unary, type UnaryTools } from '../transport/grpc/unary.js';
import { errorAnswer } from '../transport/http/error-answer.js';
import { OAuthError } from '../transport/oauth-error.js';
import type { Overload } from '../transport/overload.js';
import type { RequestReport } from '../transport/request-report.js';
import { authorizationTerms } from './authorization-terms.js';
import type { Authorizer } from './authorizer.js';
import { readCheckRequest, type CheckRequest } from './check-request.js';
import { allowed, denied, failed, failedBeforehand, type CheckResponse } from './check-response.js';
import { recordDecision } from './record-decision.js';

const proto = Proto.load('envoy/service/auth/v3/external_auth.proto');

/** We answer this long before Envoy stops to wait, in milliseconds, or after half the time where there is less. */
const DEADLINE_MARGIN_MS = 50;

/** The core, built once and handed in. */
export interface AuthorizationServiceParts extends UnaryTools {
  readonly authorizer: Authorizer;
  readonly proxies: ProxyAuthenticator;
  readonly overload: Overload;
  readonly decisions: VerdictRecorder;
  /** Longest `CheckRequest`, in bytes. */
  readonly messageBytes: number;
}

type CheckCall = ReceivedCall<CheckRequest, CheckResponse>;

/**
 * `envoy.service.auth.v3.Authorization`: Envoy's `ext_authz`. Whatever happens, the answer is an OK RPC: what Envoy takes for
 * an error of ours lets the request pass where `failure_mode_allow` is set (R-ENV-02, K-05).
 */
export function authorizationService(parts: AuthorizationServiceParts): GrpcService {
  const check = (call: CheckCall, report: RequestReport): CheckResponse | Promise<CheckResponse> => {
    const refuse = (error: unknown): CheckResponse => {
      const answer = errorAnswer(error);
      report.failed(error, answer.status);
      logFailure(parts.logger, error, answer.status, clientOfCall(call, parts.trusted), report.requestId);
      return failed(answer);
    };
    try {
      const decided = decide(call, report, parts);
      return decided instanceof Promise ? inTime(call, decided, parts).catch(refuse) : decided;
    } catch (error) {
      return refuse(error);
    }
  };
  return {
    name: 'envoy.service.auth.v3.Authorization',
    proto,
    methods: { check: unary('ext_authz', check, parts) },
    endpoint: 'ext_authz',
    messageBytes: parts.messageBytes,
    insteadOfError: failedBeforehand,
  };
}

function decide(
  call: CheckCall,
  report: RequestReport,
  parts: AuthorizationServiceParts,
): CheckResponse | Promise<CheckResponse> {
  const { authorizer, proxies, trusted, overload, decisions } = parts;
  const refusal = overload.refusal();
  if (refusal) throw refusal;
  const asked = readCheckRequest(call.request);
  if (!asked) throw new OAuthError('invalid_request', 'not an HTTP request with a path');
  const { callerId, scopes } = authorizationTerms(asked.extensions);
  const certificate = certificateOfCall(call);
  const profile = proxies.authenticate({
    isTrusted: trusted.trusts(sourceOfCall(call)),
    ...(certificate && { certificate }),
    ...(callerId !== undefined && { callerId }),
  });
  report.authenticated(profile.caller);
  const { requestId } = report;
  return whenKnown(authorizer.authorize({ request: asked.request, profile, scopes, requestId }), (decision) => {
    recordDecision({ report, decisions }, 'ext_authz', profile.caller, decision);
    return decision.allowed ? allowed(decision) : denied(decision);
  });
}

/** The same answer, or 503 while Envoy still listens: a deadline that passes is an RPC error, and so an outage of ours. */
async function inTime(call: CheckCall, answer: Promise<CheckResponse>, { clock }: UnaryTools): Promise<CheckResponse> {
  const leftMs = Number(call.getDeadline()) - clock.wallMs();
  if (leftMs === Infinity) return answer;
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = clock.after(leftMs - Math.min(DEADLINE_MARGIN_MS, leftMs / 2), () => {
    reject(new OAuthError('temporarily_unavailable', 'not known in time', { retryAfterSeconds: 1 }));
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    timer.cancel();
  }
}
