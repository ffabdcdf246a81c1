import { bearerChallenge } from '../callers/credentials/authentication-failure.js';
import type { TokenScheme } from '../proofs/possession.js';
import type { Rejection } from '../tokens/rejection.js';
import { errorBody } from '../transport/http/error-answer.js';
import type { GoodToken } from '../verification/good-token.js';

/** A request may not pass: what its client, the proxy and operators learn of it. */
export interface Deny {
  readonly allowed: false;
  /** 401: there is no good token; 403: there is, and it does not suffice (D-06). */
  readonly status: 401 | 403;
  /** Absent where no token was presented. */
  readonly error?: DenialError;
  /** For `WWW-Authenticate`. The same for every reason behind one error. */
  readonly challenge: string;
  /** For `DPoP-Nonce`: what the client shall put into its next proof (RFC 9449 §9). */
  readonly nonce?: string | undefined;
  /** For operators; absent where nothing is wrong with the token. */
  readonly rejection?: Rejection;
  /** For operators: the good token that does not suffice. */
  readonly token?: GoodToken;
}

/** RFC 6750 §3.1, RFC 9449 §7.1. */
export type DenialError = 'invalid_token' | 'insufficient_scope' | 'invalid_dpop_proof' | 'use_dpop_nonce';

/** What a challenge can say beside its scheme and realm. */
export interface ChallengeTerms {
  /** Absent where no token was presented. */
  readonly error?: DenialError;
  /** How the token was presented: the challenge of that scheme has the error, and is the first. */
  readonly scheme?: TokenScheme | undefined;
  /** With which algorithms proofs may be signed (RFC 9449 §7.1); absent: no proofs are read. */
  readonly dpopAlgorithms?: Iterable<string> | undefined;
  /** The scope that is needed (RFC 6750 §3). */
  readonly scope?: string;
  /** Where the client learns who issues tokens for this resource (RFC 9728 §5.1). */
  readonly resourceMetadata?: string;
}

/**
 * The challenges of RFC 6750 and, where proofs are read, of RFC 9449, in one header: not every proxy passes several on. No text in them
 * may need escaping.
 */
export function challenge({
  error,
  scope,
  scheme = 'bearer',
  dpopAlgorithms,
  resourceMetadata,
}: ChallengeTerms): string {
  const saidBy = (named: TokenScheme) => (named === scheme ? { error, scope } : {});
  const always = { resource_metadata: resourceMetadata };
  const bearer = [bearerChallenge, ...parametersOf({ ...saidBy('bearer'), ...always })].join(', ');
  if (!dpopAlgorithms) return bearer;
  const algs = [...dpopAlgorithms].join(' ');
  const dpop = `DPoP ${parametersOf({ algs, ...saidBy('dpop'), ...always }).join(', ')}`;
  return (scheme === 'dpop' ? [dpop, bearer] : [bearer, dpop]).join(', ');
}

function parametersOf(terms: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(terms).flatMap(([name, value]) => (value === undefined ? [] : [`${name}="${value}"`]));
}

/** What the client learns of why its token is not good: what it can do something about. */
export function errorOf({ code }: Rejection): DenialError {
  switch (code) {
    case 'proof_invalid':
    case 'proof_private_key':
    case 'proof_replayed':
      return 'invalid_dpop_proof';
    case 'proof_nonce':
      return 'use_dpop_nonce';
    default:
      return 'invalid_token';
  }
}

const noToken = errorBody('invalid_token', 'a bearer token is required');

const bodies: Readonly<Record<DenialError, Buffer>> = {
  invalid_token: errorBody('invalid_token', 'the bearer token is not good'),
  insufficient_scope: errorBody('insufficient_scope', 'the bearer token does not have the scope that is needed'),
  invalid_dpop_proof: errorBody('invalid_dpop_proof', 'the DPoP proof is not good for this request'),
  use_dpop_nonce: errorBody('use_dpop_nonce', 'the DPoP proof needs the nonce that comes with this answer'),
};

/** What the client of a proxy gets to read: proxies pass it on as it is, so it is one of a few constants (K-09). */
export function denialBody({ error }: Pick<Deny, 'error'>): Buffer {
  return error === undefined ? noToken : bodies[error];
}
