/** Why a security event token was not taken, in the words of RFC 8935 §2.4; `invalid_state` is of Shared Signals 1.0 §8.1.4.1. */
export type SetErrorCode =
  | 'invalid_request' // it cannot be read as one, or says what none may say
  | 'invalid_key' // no key of the issuer has signed it, or none that is accepted
  | 'invalid_issuer'
  | 'invalid_audience'
  | 'authentication_failed' // who delivers it did not show the secret of this stream
  | 'access_denied'
  | 'invalid_state'; // it answers a question that we did not ask

/**
 * A verdict about a security event token, sent to its transmitter. The sentence is constant: nothing in it comes from the token, and
 * nothing tells whether a user exists.
 */
export class SetError {
  constructor(
    readonly code: SetErrorCode,
    readonly description: string,
  ) {}

  /** As RFC 8935 §2.3 writes it, and RFC 8936 §2.4 in `setErrs`. */
  get body(): { readonly err: SetErrorCode; readonly description: string } {
    return { err: this.code, description: this.description };
  }
}
