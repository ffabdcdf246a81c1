import { AuthenticationFailure } from '../credentials/authentication-failure.js';
import { invalidClient } from '../credentials/challenges.js';
import type { Caller } from '../caller.js';
import type { OAuthError } from '../../transport/oauth-error.js';

/** Credentials that a method recognises in a request as its own, not yet read: first it must be clear that there are no others. */
export interface FoundCredentials {
  /** A connection has its certificate whichever caller is asking: it counts only where the request itself has no credentials. */
  readonly carriedBy: 'header' | 'form' | 'connection';
  /** The error code where others are presented beside them: RFC 7521 §4.2.1 has one of its own for assertions. */
  readonly conflict: 'invalid_request' | 'invalid_client';
  /** @throws {OAuthError} 400 where they cannot be read in one way only */
  read(): PresentedMethod;
}

/** The one method by which a request says who is asking. */
export interface PresentedMethod {
  /**
   * The client ids that it can be read to claim, the likeliest first; none is verified. Failures are counted by
   * the first.
   */
  readonly claimedIds: readonly string[];
  /**
   * Says who is asking.
   * @throws {OAuthError} 400 where the request contradicts what was proven; 503
   * @throws {KeysUnavailable} when a signature has to be checked and its keys cannot be known
   */
  prove(): Promise<Caller | AuthenticationFailure> | Caller | AuthenticationFailure;
  /**
   * The 401 for credentials that prove no caller, or one without any right. RFC 6749 §5.2: the challenge is of the
   * scheme that was used; where none was, any will do.
   * @param challenges one for each scheme that some caller can use
   */
  refusal(failure: AuthenticationFailure, challenges: readonly string[], isKnownCaller?: boolean): OAuthError;
}

/** An `Authorization` header whose scheme belongs to no method. */
export const unsupportedScheme: FoundCredentials = {
  carriedBy: 'header',
  conflict: 'invalid_request',
  read: () => ({
    claimedIds: [],
    prove: () => new AuthenticationFailure('the authorization scheme is not supported'),
    refusal: invalidClient,
  }),
};
