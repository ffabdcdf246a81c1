import { OAuthError, type OAuthErrorCode } from '../oauth-error.js';
import { Unavailable } from '../../shared/unavailable.js';

/** Header fields of every answer of the public listener, whichever part makes it. */
export const constantHeaders = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  pragma: 'no-cache',
  'x-content-type-options': 'nosniff',
} as const;

/** The body of an error (RFC 6749 §5.2). Both texts are constants of ours. */
export function errorBody(code: OAuthErrorCode, description?: string): Buffer {
  return Buffer.from(JSON.stringify({ error: code, error_description: description }));
}

/** An error as the caller gets to see it. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

/** Turns whatever was thrown into an answer that says nothing but constants of ours (Part 0 of the response matrix). */
export function errorAnswer(error: unknown): ErrorAnswer {
  if (error instanceof OAuthError) return oauthAnswer(error);
  if (error instanceof Unavailable) {
    const headers = { 'retry-after': String(error.retryAfterSeconds) };
    return { status: 503, headers, body: errorBody('temporarily_unavailable') };
  }
  const status = clientErrorStatus(error);
  return status === undefined
    ? { status: 500, headers: {}, body: errorBody('server_error') }
    : { status, headers: {}, body: errorBody('invalid_request') };
}

function oauthAnswer({ status, code, description, challenges, headers, retryAfterSeconds }: OAuthError): ErrorAnswer {
  return {
    status,
    headers: {
      ...headers,
      ...(challenges.length > 0 && { 'www-authenticate': challenges }),
      ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
    },
    body: errorBody(code, description),
  };
}

/** A fault of the client, whether we found it or Nest: a body that is too large, what a pipe of Nest refuses. */
function clientErrorStatus(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const { status } = error as { status?: unknown };
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
