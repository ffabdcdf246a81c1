import { bearerChallenge } from '../callers/credentials/authentication-failure.js';
import type { Rejection } from '../tokens/rejection.js';
import { errorBody } from '../transport/http/error-answer.js';
import type { GoodToken } from '../verification/good-token.js';

/** A request may not pass: what its client, the proxy and operators learn of it. */
export interface Deny {
  readonly allowed: false;
  /** 401: there is no good token; 403: there is, and it does not suffice (D-06). */
  readonly status: 401 | 403;
  /** RFC 6750 §3.1; absent where no token was presented. */
  readonly error?: 'invalid_token' | 'insufficient_scope';
  /** For `WWW-Authenticate`. The same for every reason behind one error. */
  readonly challenge: string;
  /** For operators; absent where nothing is wrong with the token. */
  readonly rejection?: Rejection;
  /** For operators: the good token that does not suffice. */
  readonly token?: GoodToken;
}

/** What a challenge can say beside its scheme and realm. */
interface ChallengeTerms {
  /** RFC 6750 §3.1; absent where no token was presented. */
  readonly error?: 'invalid_token' | 'insufficient_scope';
  /** The scope that is needed (RFC 6750 §3). */
  readonly scope?: string;
  /** Where the client learns who issues tokens for this resource (RFC 9728 §5.1). */
  readonly resourceMetadata?: string;
}

/** A `WWW-Authenticate` challenge of RFC 6750. No text in it may need escaping. */
export function challenge({ error, scope, resourceMetadata }: ChallengeTerms): string {
  const parameters = [
    ['error', error],
    ['scope', scope],
    ['resource_metadata', resourceMetadata],
  ];
  const said = parameters.filter(([, value]) => value !== undefined).map(([name, value]) => `${name}="${value}"`);
  return [bearerChallenge, ...said].join(', ');
}

const noToken = errorBody('invalid_token', 'a bearer token is required');
const badToken = errorBody('invalid_token', 'the bearer token is not good');
const lessScope = errorBody('insufficient_scope', 'the bearer token does not have the scope that is needed');

/** What the client of a proxy gets to read: proxies pass it on as it is, so it is one of three constants (K-09, R-TRF-01). */
export function denialBody({ error }: Deny): Buffer {
  if (error === undefined) return noToken;
  return error === 'invalid_token' ? badToken : lessScope;
}
