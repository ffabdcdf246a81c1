/** Finds out where a request comes from, as far as trusted proxies can be believed. */
import type { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { plainAddress } from '../plain-address.js';
import type { TrustedProxies } from '../trusted-proxies.js';

/** Where a request comes from, before anything in it is believed. */
export interface RequestOrigin extends Pick<IncomingMessage, 'socket'> {
  /** The peer's address, or what a trusted proxy says. */
  readonly ip: string | undefined;
}

/** Address of the client: the peer's, or what a trusted proxy says. A proxy may forward anything: what is no address is ignored. */
export function sourceOf({ ip, socket }: RequestOrigin): string {
  return plainAddress(ip !== undefined && isIP(ip) !== 0 ? ip : (socket.remoteAddress ?? 'unknown'));
}

const certificates = new WeakMap<TLSSocket, X509Certificate | undefined>();

/**
 * The client certificate of the connection, read once for each. One whose chain does not lead to a configured authority
 * counts as not presented.
 */
export function verifiedCertificate(socket: Socket): X509Certificate | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  if (!certificates.has(socket)) certificates.set(socket, socket.getPeerX509Certificate());
  return certificates.get(socket);
}

/** Every `Authorization` header: Node's `headers` keeps only the first, and a second one must be an error (RFC 6750 §2). */
export function authorizationHeaders(rawHeaders: readonly string[]): readonly string[] {
  return headerValues(rawHeaders, 'authorization');
}

/** Every value of a header, one for each line. @param wanted its name in lower case */
export function headerValues(rawHeaders: readonly string[], wanted: string): readonly string[] {
  const found: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    if (name?.length === wanted.length && name.toLowerCase() === wanted) found.push(rawHeaders[i + 1] ?? '');
  }
  return found;
}

/**
 * Where a request comes from: as far as trusted proxies vouch for one another, what the first of them was told; otherwise the
 * peer. A proxy may forward anything, so the result is not always an address.
 * @param peer address of the other end of the connection
 * @param forwarded `X-Forwarded-For`, several lines joined with commas
 */
export function clientAddress(
  peer: string | undefined,
  forwarded: string | readonly string[] | undefined,
  proxies: TrustedProxies,
): string | undefined {
  if (peer === undefined || forwarded === undefined || !proxies.trusts(peer)) return peer;
  const addresses = forwarded.toString().split(',');
  let client = peer;
  for (let i = addresses.length - 1; i >= 0 && proxies.trusts(client); i--) client = addresses[i]?.trim() ?? '';
  return client;
}
