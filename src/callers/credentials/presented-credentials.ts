import type { ServerUnaryCall } from '@grpc/grpc-js';
import type { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { certificateOfCall, clientOfCall } from '../../transport/grpc/peer-of-call.js';
import { authorizationHeaders, sourceOf, verifiedCertificate } from '../../transport/http/peer-of-request.js';
import type { TrustedProxies } from '../../transport/trusted-proxies.js';
import type { Caller } from '../caller.js';

/** Everything a request carries that could say who is asking, before it is verified. The same for HTTP and gRPC. */
export interface PresentedCredentials {
  /** Every `Authorization` header, as received; more than one is an error (RFC 6750 §2). */
  readonly authorization: readonly string[];
  /** Credential parameters of the form body; empty for gRPC. */
  readonly form: CredentialForm;
  /** The client certificate of a mutually authenticated connection whose chain the listener has verified. */
  readonly certificate?: X509Certificate;
  /** Where the request comes from: the peer's address, or what a trusted proxy says. By it failures are counted, and turns taken. */
  readonly source: string;
  /** The token under test, to refuse that a token vouches for itself (R7662-19). */
  readonly tokenUnderTest?: string;
}

/** The parameters of RFC 6749 §2.3.1 and RFC 7521 §4.2, by their member of {@link CredentialForm}. */
export const credentialParameters = {
  clientId: 'client_id',
  clientSecret: 'client_secret',
  clientAssertion: 'client_assertion',
  clientAssertionType: 'client_assertion_type',
} as const;

/** The credentials in a form. A parameter sent without a value counts as omitted. */
export type CredentialForm = { readonly [Name in keyof typeof credentialParameters]?: string };

type Members = { readonly [Name in keyof PresentedCredentials]-?: (request: PresentedCredentials) => boolean };

/** Whether a member says nothing of who is asking, beside an `Authorization` header. Total: a new member has to be judged. */
const isSilent: Members = {
  authorization: ({ authorization }) => authorization.length === 1,
  form: ({ form }) => isEmpty(form),
  // It counts only where nothing else was presented.
  certificate: () => true,
  source: () => true,
  tokenUnderTest: () => true,
};

const judgements = Object.values(isSilent);

/** The `Authorization` header of a request in which nothing else says who is asking. */
export function loneHeader(request: PresentedCredentials): string | undefined {
  for (const isSilentMember of judgements) if (!isSilentMember(request)) return undefined;
  return request.authorization[0];
}

const formMembers = Object.keys(credentialParameters) as readonly (keyof CredentialForm)[];

function isEmpty(form: CredentialForm): boolean {
  return formMembers.every((name) => form[name] === undefined);
}

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

/** What of a gRPC call can say who is asking. */
type CallerCall = Pick<ServerUnaryCall<unknown, unknown>, 'metadata' | 'getPeer' | 'getAuthContext'>;

/**
 * Gathers everything in the call that could say who is asking: metadata where HTTP has headers, and no form.
 * @param tokenUnderTest as sent; an empty one is none
 * @param trusted peers whose `x-forwarded-for` is believed
 */
export function presentedByCall(
  call: CallerCall,
  tokenUnderTest: string,
  trusted: TrustedProxies,
): PresentedCredentials {
  const certificate = certificateOfCall(call);
  return {
    authorization: call.metadata.get('authorization').map(String),
    form: {},
    source: clientOfCall(call, trusted),
    ...(certificate && { certificate }),
    ...(tokenUnderTest !== '' && { tokenUnderTest }),
  };
}
