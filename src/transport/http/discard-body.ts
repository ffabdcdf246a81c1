import type { HttpRequest } from './http-request.js';

/**
 * Reads and drops a body that no handler wants, so that the next request on its connection can be found (RFC 9112 §9.3). What turns out to
 * be longer than `limit` ends the connection; what never comes is ended by the time that a request may take.
 * @param limit in bytes
 * @returns whether the connection can be kept: not where the body says itself that it is longer
 */
export function discardBody(request: HttpRequest, limit: number): boolean {
  if (Number(request.headers['content-length'] ?? 0) > limit) return false;
  let seen = 0;
  request.on('data', (chunk: Buffer) => {
    seen += chunk.length;
    if (seen > limit) request.socket.destroy();
  });
  return true;
}
