import { status as grpcStatus } from '@grpc/grpc-js';
import { type ErrorAnswer, constantHeaders } from '../transport/http/error-answer.js';

import { denialBody, type Deny } from './denial.js';
import { identityHeaderNames, type IdentityHeaders } from './identity-headers.js';

interface HeaderOption {
  readonly header: { readonly key: string; readonly value: string };
  readonly appendAction: 'OVERWRITE_IF_EXISTS_OR_ADD';
}

/** `envoy.service.auth.v3.CheckResponse` as the library takes it. */
export interface CheckResponse {
  readonly status: { readonly code: number };
  readonly okResponse?: { readonly headers: readonly HeaderOption[]; readonly headersToRemove: readonly string[] };
  readonly deniedResponse?: {
    readonly status: { readonly code: number };
    readonly headers: readonly HeaderOption[];
    readonly body: string;
  };
}

/** Other spellings of our header names, which many frameworks take for the same header (K-01, CVE-2025-64484). */
const lookalikes = identityHeaderNames.flatMap((name) =>
  spellings(name.split('-')).filter((spelling) => spelling !== name),
);

/** Sets every identity header that says something and removes all others, so that nothing of the client's is left (R-ENV-03). */
export function allowed(headers: IdentityHeaders): CheckResponse {
  const set = identityHeaderNames.filter((name) => headers[name] !== '');
  const empty = identityHeaderNames.filter((name) => headers[name] === '');
  return {
    status: { code: grpcStatus.OK },
    okResponse: {
      headers: set.map((name) => overwrite(name, headers[name])),
      headersToRemove: [...empty, ...lookalikes],
    },
  };
}

/** A verdict about the token. */
export function denied(decision: Deny): CheckResponse {
  return refusal(decision.status, { 'www-authenticate': decision.challenge }, denialBody(decision));
}

/** Everything else that keeps a request from passing, our outages included: to Envoy it is a denial, too (R-ENV-02). */
export function failed({ status, headers, body }: ErrorAnswer): CheckResponse {
  return refusal(status, headers, body);
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

/** The parts of a name with `-` or `_` between them, in every combination. */
function spellings([first = '', ...rest]: readonly string[]): readonly string[] {
  if (rest.length === 0) return [first];
  return spellings(rest).flatMap((end) => [`${first}-${end}`, `${first}_${end}`]);
}
