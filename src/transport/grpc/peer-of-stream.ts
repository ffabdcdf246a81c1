/** Who is at the other end of a stream, in the words of the library. */
import type { ServerUnaryCall } from '@grpc/grpc-js';
import type { ServerHttp2Stream } from 'node:http2';
import { TLSSocket } from 'node:tls';

/** The client certificate, where there is one. */
export type AuthContext = ReturnType<ServerUnaryCall<unknown, unknown>['getAuthContext']>;

/** Address and port. */
export function peerOfStream({ session }: ServerHttp2Stream): string {
  const { remoteAddress, remotePort } = session?.socket ?? {};
  return remoteAddress === undefined ? 'unknown' : `${remoteAddress}:${remotePort}`;
}

/** A certificate whose chain does not lead to a configured authority is none. */
export function authContextOfStream({ session }: ServerHttp2Stream): AuthContext {
  const socket = session?.socket;
  if (!(socket instanceof TLSSocket) || !socket.authorized) return {};
  const certificate = socket.getPeerCertificate();
  return { transportSecurityType: 'ssl', ...('raw' in certificate && { sslPeerCertificate: certificate }) };
}
