import type { IncomingMessage } from 'node:http';
import { authorizationHeaders, sourceOf, verifiedCertificate } from '../../transport/http/peer-of-request.js';
import type { Caller } from '../caller.js';
import type { CredentialForm, PresentedCredentials } from './presented-credentials.js';

/** What the guard needs of an HTTP request. `caller` is who it turned out to be. */
export interface CallerRequest extends Pick<IncomingMessage, 'rawHeaders' | 'headers' | 'socket'> {
  /** The peer's address, or what a trusted proxy says. */
  readonly ip: string | undefined;
  /** The parsed form; absent when the request had no body. */
  readonly body?: { readonly token?: string; readonly credentials: CredentialForm } | undefined;
  caller?: Caller | undefined;
}

const nothing: CredentialForm = {};

/** Gathers everything in the request that could say who is asking. */
export function presentedByRequest(request: CallerRequest): PresentedCredentials {
  const { rawHeaders, socket, body } = request;
  const certificate = verifiedCertificate(socket);
  return {
    authorization: authorizationHeaders(rawHeaders),
    form: body?.credentials ?? nothing,
    source: sourceOf(request),
    ...(certificate && { certificate }),
    ...(body?.token !== undefined && { tokenUnderTest: body.token }),
  };
}
