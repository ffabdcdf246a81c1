import type { OAuthErrorCode } from '../oauth-error.js';

/** What every answer of the public listener carries, whoever makes it (INV-03). */
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
