import { bearerChallenge } from '../callers/credentials/authentication-failure.js';

/** What a challenge can say beside its scheme and realm. */
export interface ChallengeTerms {
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
