import type { ServerUnaryCall } from '@grpc/grpc-js';
import { certificateOfCall, sourceOfCall } from '../../transport/grpc/peer-of-call.js';
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
