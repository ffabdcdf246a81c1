import { cachedDocument, type CachedDocument } from '../shared/cached-document.js';
import type { OwnKeys } from './prepare-signing.js';

/**
 * Writes our public keys as others fetch them (RFC 7517 §5): public members only, in the order of their thumbprints, so that it is not told
 * who signs now.
 */
export function jwksOf({ published }: OwnKeys): CachedDocument {
  const keys = published.map(({ key }) => key).sort((a, b) => (a.kid < b.kid ? -1 : 1));
  return cachedDocument(Buffer.from(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) })));
}
