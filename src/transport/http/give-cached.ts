import { type CachedDocument, isUnchanged } from '../../shared/cached-document.js';
import type { HttpRequest } from './http-request.js';
import type { HttpResponse } from './http-response.js';

/** How a document may be kept by whoever fetched it. */
export interface CachingTerms {
  /** Content type. */
  readonly type: string;
  readonly maxAgeSeconds: number;
}

/**
 * Gives a document to whoever may keep it, or says that the copy that they have is still good (RFC 9111 §4.3).
 * @returns the body
 */
export function giveCached(
  { headers }: Pick<HttpRequest, 'headers'>,
  response: HttpResponse,
  document: CachedDocument,
  { type, maxAgeSeconds }: CachingTerms,
): Buffer | string {
  response.setHeader('content-type', type).setHeader('etag', document.etag);
  response.setHeader('cache-control', `public, max-age=${maxAgeSeconds}`).removeHeader('pragma');
  if (!isUnchanged(document, headers['if-none-match'])) return document.body;
  response.statusCode = 304;
  return '';
}
