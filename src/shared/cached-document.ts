import { hash } from 'node:crypto';

/** A document that many fetch again and again, with what tells them that they have it already. Immutable. */
export interface CachedDocument {
  readonly body: Buffer;
  /** Strong validator of it (RFC 9110 §8.8.3), the same at every replica. */
  readonly etag: string;
}

/** Its validator is a digest of it, so that replicas need not agree on anything. */
export function cachedDocument(body: Buffer): CachedDocument {
  return { body, etag: `"${hash('sha256', body, 'base64url')}"` };
}

/** Whether a copy with one of these validators is still good (RFC 9110 §13.1.2). */
export function isUnchanged({ etag }: CachedDocument, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag);
}
