/** What is needed to answer a method of one message and one answer, without the library. */
import type { MethodDefinition, sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import type { CallTerms } from './call-terms.js';
import type { GrpcService } from './grpc-service.js';

/** What a method gets to know of a call, in the words of the library. */
export type ReceivedCall<Request, Response> = Pick<
  ServerUnaryCall<Request, Response>,
  'request' | 'metadata' | 'cancelled' | 'getPeer' | 'getAuthContext' | 'getDeadline' | 'getPath'
>;

/** Answers one message with one message. */
export type UnaryHandler<Request, Response> = (
  call: ReceivedCall<Request, Response>,
  answered: sendUnaryData<Response>,
) => void;

/** A method of one message and one answer. */
export interface UnaryMethod extends Pick<
  MethodDefinition<object, object>,
  'path' | 'requestDeserialize' | 'responseSerialize'
> {
  readonly terms: CallTerms;
  readonly answer: UnaryHandler<object, object>;
  readonly insteadOfError?: GrpcService['insteadOfError'];
}

/** @returns `undefined` where the method takes or gives more than one message */
export function unaryMethod(
  definition: MethodDefinition<object, object>,
  { methods, insteadOfError }: GrpcService,
  terms: CallTerms,
): UnaryMethod | undefined {
  const { path, originalName = '', requestDeserialize, responseSerialize } = definition;
  if (definition.requestStream || definition.responseStream) return undefined;
  const answer = methods[originalName] as UnaryHandler<object, object>;
  return { path, requestDeserialize, responseSerialize, terms, answer, ...(insteadOfError && { insteadOfError }) };
}
