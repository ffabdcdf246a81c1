import type { Caller } from '../callers/caller.js';
import type { CallerAuthenticator } from '../callers/caller-authenticator.js';
import { presentedByCall } from '../callers/credentials/presented-credentials.js';
import { whenKnown } from '../shared/when-known.js';
import type { GrpcService } from '../transport/grpc/grpc-service.js';
import { Proto } from '../transport/grpc/load-proto.js';
import { isReadable } from '../transport/grpc/readable.js';
import type { ReceivedCall } from '../transport/grpc/unary-method.js';
import { unary, type UnaryTools } from '../transport/grpc/unary.js';
import { OAuthError } from '../transport/oauth-error.js';
import type { Overload } from '../transport/overload.js';
import type { RequestReport } from '../transport/request-report.js';
import { inactiveResponse, responseForm, type IntrospectResponse } from './introspect-response.js';
import { answerIn } from './introspection-answer.js';
import type { Introspector } from './introspector.js';
import type { VerdictRecorder } from './verdicts/verdict-recorder.js';

const proto = Proto.load('assay/v1/introspection.proto');

/** The core, built once and handed in. */
export interface IntrospectionServiceParts extends UnaryTools {
  readonly introspector: Introspector;
  readonly authenticator: CallerAuthenticator;
  readonly overload: Overload;
  /** Peers whose forwarded addresses are believed. */
  readonly decisions: VerdictRecorder;
}

type IntrospectCall = ReceivedCall<{ readonly token: string; readonly issuerHint: string }, IntrospectResponse>;

/** `assay.v1.Introspection`: `POST /introspect` for those who speak gRPC. */
export function introspectionService(parts: IntrospectionServiceParts): GrpcService {
  const introspect = (call: IntrospectCall, report: RequestReport) => answer(call, report, parts);
  return {
    name: 'assay.v1.Introspection',
    proto,
    methods: { introspect: unary('grpc_introspect', introspect, parts) },
    endpoint: 'grpc_introspect',
  };
}

/** Who asks comes before what is asked, as at every endpoint (R7662-20). */
function answer(
  call: IntrospectCall,
  report: RequestReport,
  parts: IntrospectionServiceParts,
): IntrospectResponse | Promise<IntrospectResponse> {
  const { authenticator, overload, trusted } = parts;
  const refusal = overload.refusal();
  if (refusal) throw refusal;
  const caller = authenticator.authenticate(presentedByCall(call, call.request.token, trusted));
  return whenKnown(caller, (known) => answerTo(known, call, report, parts));
}

function answerTo(
  caller: Caller,
  call: IntrospectCall,
  report: RequestReport,
  { introspector, decisions }: IntrospectionServiceParts,
): IntrospectResponse | Promise<IntrospectResponse> {
  const { token, issuerHint } = call.request;
  report.authenticated(caller);
  if (!isReadable(call.request)) throw new OAuthError('invalid_request', 'the message cannot be read');
  if (token === '') throw new OAuthError('invalid_request', 'the token is missing');
  if (caller.signed?.isRequired) {
    throw new OAuthError('unauthorized_client', 'this caller gets signed answers only, over HTTP', { status: 403 });
  }
  // The client has gone (RGRPC-02): this is not a verdict, and it is recorded nowhere.
  if (call.cancelled) return inactiveResponse;
  // Protocol Buffers have no text that is absent: an empty one is none.
  const hint = issuerHint === '' ? undefined : issuerHint;
  return whenKnown(introspector.introspect(token, caller, undefined, undefined, hint), (result) => {
    if (!result.active) {
      report.rejected(result.rejection);
      decisions.refused('grpc_introspect', caller, result.rejection, report);
      return inactiveResponse;
    }
    report.accepted(result.issuer.id);
    decisions.allowed('grpc_introspect', caller, result, report);
    return answerIn(result, responseForm);
  });
}
