import type { ServerUnaryCall } from '@grpc/grpc-js';
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { clientAddress } from '../http/peer-of-request.js';
import { plainAddress } from '../plain-address.js';
import type { TrustedProxies } from '../trusted-proxies.js';

/** What of a gRPC call says who is at the other end of the connection. */
export type PeerOfCall = Pick<ServerUnaryCall<unknown, unknown>, 'getPeer' | 'getAuthContext' | 'metadata'>;

/** Address of the peer, whatever it forwards. */
export function sourceOfCall(call: Pick<PeerOfCall, 'getPeer'>): string {
  return plainAddress(call.getPeer().replace(/:\d+$/, ''));
}

/**
 * Address of the client, as over HTTP: the peer's, or what a trusted proxy says in `x-forwarded-for`. A proxy may forward anything:
 * what is no address is ignored.
 */
export function clientOfCall(call: Pick<PeerOfCall, 'getPeer' | 'metadata'>, trusted: TrustedProxies): string {
  const peer = sourceOfCall(call);
  const forwarded = call.metadata.get('x-forwarded-for').map(String);
  const client = forwarded.length === 0 ? peer : clientAddress(peer, forwarded, trusted);
  return plainAddress(client !== undefined && isIP(client) !== 0 ? client : peer);
}

/** The client certificate. The library gives none whose chain does not lead to a configured authority. */
export function certificateOfCall(call: Pick<PeerOfCall, 'getAuthContext'>): X509Certificate | undefined {
  const peer = call.getAuthContext().sslPeerCertificate;
  return peer && new X509Certificate(peer.raw);
}
