import type { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Caller } from './caller.js';
import type { CredentialForm, PresentedCredentials } from './presented-credentials.js';

/** What the guard needs of an HTTP request. `caller` is who it turned out to be. */
export interface CallerRequest {
  readonly raw: Pick<IncomingMessage, 'rawHeaders' | 'headers' | 'socket'>;
  /** The peer's address, or what a trusted proxy says. */
  readonly ip: string | undefined;
  /** The parsed form; absent when the request had no body. */
  readonly body?: { readonly token?: string; readonly credentials: CredentialForm } | undefined;
  caller?: Caller | undefined;
}

const nothing: CredentialForm = {};

/** Gathers everything in the request that could say who is asking. */
export function presentedByRequest(request: CallerRequest): PresentedCredentials {
  const { raw, body } = request;
  const certificate = verifiedCertificate(raw.socket);
  return {
    authorization: authorizationHeaders(raw.rawHeaders),
    form: body?.credentials ?? nothing,
    source: sourceOf(request),
    ...(certificate && { certificate }),
    ...(body?.token !== undefined && { tokenUnderTest: body.token }),
  };
}

/** All of them: Node's `headers` keeps only the first, and a second one must be an error (RFC 6750 §2). */
export function authorizationHeaders(rawHeaders: readonly string[]): readonly string[] {
  const found: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    if (name?.length === 13 && name.toLowerCase() === 'authorization') found.push(rawHeaders[i + 1] ?? '');
  }
  return found;
}

const certificates = new WeakMap<TLSSocket, X509Certificate | undefined>();

/** A certificate whose chain does not lead to a configured authority counts as not presented. Read once a connection. */
export function verifiedCertificate(socket: Socket): X509Certificate | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  if (!certificates.has(socket)) certificates.set(socket, socket.getPeerX509Certificate());
  return certificates.get(socket);
}

/**
 * Where a request comes from: the peer's address, or what a trusted proxy says. A proxy may forward anything, and what is
 * no address is not one (H-15).
 */
export function sourceOf({ ip, raw }: Pick<CallerRequest, 'ip' | 'raw'>): string {
  return plainAddress(ip !== undefined && isIP(ip) !== 0 ? ip : (raw.socket.remoteAddress ?? 'unknown'));
}

/** IPv4 in IPv6 clothes is IPv4. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}
