/** The error codes that callers get to see (RFC 6749 §5.2, RFC 6750 §3.1, RFC 7009 §2.2.1, RFC 9449 §12.2). */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_token'
  | 'unauthorized_client'
  | 'unsupported_token_type'
  | 'insufficient_scope'
  | 'invalid_dpop_proof'
  | 'use_dpop_nonce'
  | 'temporarily_unavailable'
  | 'server_error';

/** What an {@link OAuthError} adds to the answer. */
export interface OAuthErrorOptions extends ErrorOptions {
  /** For operators only; a constant sentence, never anything that the caller sent. */
  readonly detail?: string;
  /** For operators only: id of the registered caller that the request claims to come from. */
  readonly caller?: string | undefined;
  /** HTTP status, where it is not the usual one of the code. */
  readonly status?: number;
  /** `WWW-Authenticate` challenges, for 401. */
  readonly challenges?: readonly string[];
  /** Further headers, such as `Allow`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly retryAfterSeconds?: number;
  /** The caller is who it says, and may do nothing: to HTTP the same 401 (RFC 7662 §2.3), to gRPC another code. */
  readonly isKnownCaller?: boolean;
}

const usualStatus: Record<OAuthErrorCode, number> = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_token: 401,
  unauthorized_client: 400,
  unsupported_token_type: 400,
  insufficient_scope: 403,
  invalid_dpop_proof: 401,
  use_dpop_nonce: 401,
  temporarily_unavailable: 503,
  server_error: 500,
};

/**
 * The *caller* is wrong, or we cannot serve it: two sentences, one for each audience. It is an answer and no fault, so it has no stack:
 * to collect one would cost more than the rest of a refusal, and a client that guesses secrets gets thousands of them.
 */
export class OAuthError extends Error {
  override readonly name = 'OAuthError';
  readonly status: number;
  readonly detail: string | undefined;
  readonly caller: string | undefined;
  readonly challenges: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly retryAfterSeconds: number | undefined;
  readonly isKnownCaller: boolean;

  /**
   * @param code for programs
   * @param description for the caller's developer; constant text of RFC 6749 §5.2 characters, never an echo of input
   */
  constructor(
    readonly code: OAuthErrorCode,
    readonly description: string,
    options: OAuthErrorOptions = {},
  ) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(description, options);
    Error.stackTraceLimit = stackTraceLimit;
    this.status = options.status ?? usualStatus[code];
    this.detail = options.detail;
    this.caller = options.caller;
    this.challenges = options.challenges ?? [];
    this.headers = options.headers ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.isKnownCaller = options.isKnownCaller ?? false;
  }
}
