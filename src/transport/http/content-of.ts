/**
 * What leaves for a value that a handler has returned or a filter has made, as Nest's users know it: text and octets as they are,
 * nothing for nothing, and JSON for all else.
 * @throws {TypeError} for what comes bit by bit
 */
export function contentOf(body: unknown): { readonly type?: string; readonly content: string | Uint8Array } {
  if (body === undefined || body === null) return { content: '' };
  if (typeof body === 'string') return { type: 'text/plain; charset=utf-8', content: body };
  if (body instanceof Uint8Array) return { type: 'application/octet-stream', content: body };
  if (isStream(body)) throw new TypeError('this adapter has no bodies that come bit by bit');
  return { type: 'application/json; charset=utf-8', content: JSON.stringify(body) };
}

function isStream(body: unknown): boolean {
  return typeof body === 'object' && body !== null && ('getStream' in body || 'pipe' in body || 'getReader' in body);
}
