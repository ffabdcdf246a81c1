/** Describes the parameter that all endpoints with pages have. */
import type { Parameter } from '../shared/openapi/operation.js';

/** How many entries a page has. */
export const pageLimit: Readonly<Record<'limit', Parameter>> = {
  limit: {
    description: 'How many at most.',
    schema: { type: 'string', pattern: '^[1-9][0-9]{0,2}$', default: '100' },
    example: '25',
  },
};
