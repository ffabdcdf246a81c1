import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import type { Endpoint } from '../request-report.js';
import type { EarlyEnd } from './early-end.js';
import type { Proto } from './load-proto.js';

/** One service behind the listener. */
export interface GrpcService {
  /** Full name, such as `assay.v1.Introspection`. */
  readonly name: string;
  readonly proto: Proto;
  /** By method name. */
  readonly methods: UntypedServiceImplementation;
  /** What its calls are counted as; left out: `other`. */
  readonly endpoint?: Endpoint;
  /** Longest message, in bytes; left out: that of the listener. */
  readonly messageBytes?: number;
  /** The answer to send, with OK, where a call would end with an error. */
  readonly insteadOfError?: (reason: EarlyEnd | 'failed') => object;
}
