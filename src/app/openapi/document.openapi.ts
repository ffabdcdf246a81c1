import type { Operation } from '../../shared/openapi/operation.js';
import { etagHeader, ifNoneMatch } from '../../shared/openapi/headers.js';
import { publicAnswers } from '../../transport/http/oauth.openapi.js';

/** How long a copy of the document may be kept: it changes with the program. */
export const DOCUMENT_MAX_AGE_SECONDS = 300;

/** A listener with a document of its own. */
export type DocumentedListener = 'public' | 'management';

const says: Readonly<Record<DocumentedListener, string>> = {
  public: 'The public endpoints. The management listener has a document of both.',
  management: 'The public endpoints, and those of the management listener.',
};

/** The document that describes a listener, as that document describes it. */
export function documentOperation(listener: DocumentedListener): Operation {
  return {
    id: listener === 'public' ? 'readPublicApi' : 'readApi',
    tag: 'Metadata',
    summary: 'This document',
    description: says[listener],
    access: [],
    headers: ifNoneMatch,
    answers: {
      200: {
        description: 'OpenAPI 3.1.',
        headers: etagHeader,
        content: {
          'application/json': {
            schema: { type: 'object', additionalProperties: true },
            example: { openapi: '3.1.0' },
          },
        },
      },
      304: { description: 'The copy that the client has is still good.' },
      ...(listener === 'public' ? publicAnswers : {}),
    },
  };
}
