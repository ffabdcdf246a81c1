import { hash } from 'node:crypto';
import type { OwnKeys } from './prepare-signing.js';

/** Our public keys as others fetch them (RFC 7517 §5). Immutable. */
export interface JwksDocument {
  readonly body: Buffer;
  /** Strong validator of it (RFC 9110 §8.8.3), the same at every replica. */
  readonly etag: string;
}

/** Writes them, public members only, in the order of their thumbprints: who signs now is not told. */
export function jwksOf({ published }: OwnKeys): JwksDocument {
  const keys = published.map(({ key }) => key).sort((a, b) => (a.kid < b.kid ? -1 : 1));
  const body = Buffer.from(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }));
  return { body, etag: `"${hash('sha256', body, 'base64url')}"` };
}

/** Whether a copy with one of these validators is still good (RFC 9110 §13.1.2). */
export function isUnchanged({ etag }: JwksDocument, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag);
}
