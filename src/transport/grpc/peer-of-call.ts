import type { ServerUnaryCall } from '@grpc/grpc-js';
import { X509Certificate } from 'node:crypto';
import { plainAddress } from '../plain-address.js';

/** What of a gRPC call says who is at the other end of the connection. */
export type PeerOfCall = Pick<ServerUnaryCall<unknown, unknown>, 'getPeer' | 'getAuthContext'>;

/** Address of the peer. Forwarded metadata is not believed. */
export function sourceOfCall(call: Pick<PeerOfCall, 'getPeer'>): string {
  return plainAddress(call.getPeer().replace(/:\d+$/, ''));
}

/** The client certificate. The library gives none whose chain does not lead to a configured authority. */
export function certificateOfCall(call: Pick<PeerOfCall, 'getAuthContext'>): X509Certificate | undefined {
  const peer = call.getAuthContext().sslPeerCertificate;
  return peer && new X509Certificate(peer.raw);
}
