// Header fields that endpoints of several features have.
import type { Header, Parameter } from './operation.js';

/** With an answer that says "not now". */
export const retryAfter: Header = {
  description: 'Seconds to wait before the next try.',
  schema: { type: 'integer', minimum: 1 },
  required: true,
};

/** With a 401 (RFC 9110 §11.6.1). */
export function challengeHeader(description: string): Readonly<Record<string, Header>> {
  return { 'WWW-Authenticate': { description, schema: { type: 'string' }, required: true } };
}

/** With an answer that may be kept. */
export const etagHeader: Readonly<Record<string, Header>> = {
  ETag: { description: 'Changes with the document.', schema: { type: 'string' }, required: true },
};

/** How a client says which copy it has. */
export const ifNoneMatch: Readonly<Record<string, Parameter>> = {
  'If-None-Match': { description: 'The `ETag` of the copy that the client has.', schema: { type: 'string' } },
};
