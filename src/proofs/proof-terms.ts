/** What a caller's registration says of proofs. */
import { algorithmsByDefault, type Algorithm } from '../tokens/algorithms.js';
import type { CertificateSource } from './presented-certificate.js';

/** Where it is remembered which proofs were used. */
export const replayScopes = ['off', 'local', 'shared'] as const;

/** One of {@link replayScopes}. */
export type ReplayScope = (typeof replayScopes)[number];

/** What becomes of a proof whose use the replicas cannot share, because Redis is away. */
export const unsharedPolicies = ['accept', 'refuse'] as const;

/** One of {@link unsharedPolicies}. */
export type UnsharedPolicy = (typeof unsharedPolicies)[number];

/** Whether a proof must have a nonce of ours. */
export const noncePolicies = ['off', 'required'] as const;

/** One of {@link noncePolicies}. */
export type NoncePolicy = (typeof noncePolicies)[number];

/** Which DPoP proofs (RFC 9449) are good. Immutable. */
export interface DpopTerms {
  readonly algorithms: ReadonlySet<Algorithm>;
  /** Longest time since a proof was made, in seconds. */
  readonly maxAgeSeconds: number;
  readonly replay: ReplayScope;
  readonly onUnknown: UnsharedPolicy;
  readonly nonce: NoncePolicy;
  /** Whether the proxy names each request itself in `X-Request-Id`: then one more question about a request is no second use of its proof. */
  readonly proxySetsRequestId: boolean;
}

/** Where nothing else is configured. */
export const usualDpopTerms: DpopTerms = {
  algorithms: new Set(algorithmsByDefault),
  maxAgeSeconds: 60,
  replay: 'local',
  onUnknown: 'accept',
  nonce: 'off',
  proxySetsRequestId: false,
};

/** What clients can prove, so that a token that is bound to a key of theirs is good. Immutable. */
export interface ProofTerms {
  /** The origin that clients see, in its one spelling. */
  readonly origin?: string;
  /** Absent: no DPoP proof is read, and a token that needs one is refused. */
  readonly dpop?: DpopTerms;
  /** Where the proxy says which certificate its client has; absent: nowhere. */
  readonly certificateFrom?: CertificateSource;
}
