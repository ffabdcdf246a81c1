import { status as grpcStatus } from '@grpc/grpc-js';
import type { EarlyEnd } from '../transport/grpc/early-end.js';
import { type ErrorAnswer, constantHeaders, errorAnswer } from '../transport/http/error-answer.js';
import { OAuthError } from '../transport/oauth-error.js';
import type { Allow } from './authorizer.js';
import { denialBody, type Deny } from './denial.js';
import { dynamicMetadata, type Struct } from './dynamic-metadata.js';
import { identityHeaderNames, identityLookalikes } from './identity-headers.js';

interface HeaderOption {
  readonly header: { readonly key: string; readonly value: string };
  readonly appendAction: 'OVERWRITE_IF_EXISTS_OR_ADD';
}

/** `envoy.service.auth.v3.CheckResponse` as the library takes it. */
export interface CheckResponse {
  readonly status: { readonly code: number };
  readonly dynamicMetadata?: Struct;
  readonly okResponse?: { readonly headers: readonly HeaderOption[]; readonly headersToRemove: readonly string[] };
  readonly deniedResponse?: {
    readonly status: { readonly code: number };
    readonly headers: readonly HeaderOption[];
    readonly body: string;
  };
}

/** Sets every identity header that says something and removes all others, so that nothing of the client's is left (R-ENV-03). */
export function allowed({ headers, identity }: Pick<Allow, 'headers' | 'identity'>): CheckResponse {
  const set = identityHeaderNames.filter((name) => headers[name] !== '');
  const empty = identityHeaderNames.filter((name) => headers[name] === '');
  return {
    status: { code: grpcStatus.OK },
    ...(identity && { dynamicMetadata: dynamicMetadata(identity) }),
    okResponse: {
      headers: set.map((name) => overwrite(name, headers[name])),
      headersToRemove: [...empty, ...identityLookalikes],
    },
  };
}

/** A verdict about the token. */
export function denied(decision: Deny): CheckResponse {
  const { status, challenge, nonce } = decision;
  const headers = { 'www-authenticate': challenge, ...(nonce !== undefined && { 'dpop-nonce': nonce }) };
  return refusal(status, headers, denialBody(decision));
}

/** Everything else that keeps a request from passing, our outages included: to Envoy it is a denial, too. */
export function failed({ status, headers, body }: ErrorAnswer): CheckResponse {
  return refusal(status, headers, body);
}

/** A question that we did not get whole, or could not answer: a denial as well, where gRPC would have an error. */
export function failedBeforehand(reason: EarlyEnd | 'failed'): CheckResponse {
  return failed(errorAnswer(beforehand(reason)));
}

function beforehand(reason: EarlyEnd | 'failed'): OAuthError {
  switch (reason) {
    case 'too_large':
      return new OAuthError('invalid_request', 'the request is too large', { status: 413 });
    case 'no_room':
    case 'deadline':
      return new OAuthError('temporarily_unavailable', 'not known in time', { retryAfterSeconds: 1 });
    case 'failed':
      return new OAuthError('server_error', 'not known');
    case 'not_unpacked':
    case 'malformed':
    case 'unimplemented':
    case 'cancelled':
      return new OAuthError('invalid_request', 'the request cannot be read');
  }
}

function refusal(httpStatus: number, more: ErrorAnswer['headers'], body: Buffer): CheckResponse {
  const headers = Object.entries({ ...constantHeaders, ...more });
  return {
    status: { code: codeOf(httpStatus) },
    deniedResponse: {
      status: { code: httpStatus },
      headers: headers.flatMap(([name, value]) => [value].flat().map((one) => overwrite(name, one))),
      body: body.toString(),
    },
  };
}

function codeOf(httpStatus: number): number {
  if (httpStatus === 401) return grpcStatus.UNAUTHENTICATED;
  return httpStatus < 500 ? grpcStatus.PERMISSION_DENIED : grpcStatus.UNAVAILABLE;
}

function overwrite(key: string, value: string): HeaderOption {
  return { header: { key, value }, appendAction: 'OVERWRITE_IF_EXISTS_OR_ADD' };
}
