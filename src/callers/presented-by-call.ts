import type { ServerUnaryCall } from '@grpc/grpc-js';
import { X509Certificate } from 'node:crypto';
import { plainAddress } from './presented-by-request.js';
import type { PresentedCredentials } from './presented-credentials.js';

/** What of a gRPC call can say who is asking. */
export type CallerCall = Pick<ServerUnaryCall<unknown, unknown>, 'metadata' | 'getPeer' | 'getAuthContext'>;

/**
 * Gathers everything in the call that could say who is asking: metadata where HTTP has headers, and no form.
 * @param tokenUnderTest as sent; an empty one is none
 */
export function presentedByCall(call: CallerCall, tokenUnderTest: string): PresentedCredentials {
  const certificate = certificateOfCall(call);
  return {
    authorization: call.metadata.get('authorization').map(String),
    form: {},
    source: sourceOfCall(call),
    ...(certificate && { certificate }),
    ...(tokenUnderTest !== '' && { tokenUnderTest }),
  };
}

/** The peer's address: nobody's forwarded metadata is believed. */
export function sourceOfCall(call: Pick<CallerCall, 'getPeer'>): string {
  return plainAddress(call.getPeer().replace(/:\d+$/, ''));
}

/** The library names no certificate whose chain does not lead to a configured authority. */
export function certificateOfCall(call: Pick<CallerCall, 'getAuthContext'>): X509Certificate | undefined {
  const peer = call.getAuthContext().sslPeerCertificate;
  return peer && new X509Certificate(peer.raw);
}
