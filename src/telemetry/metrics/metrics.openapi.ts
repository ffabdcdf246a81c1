import type { Operations } from '../../shared/openapi/operation.js';
import { text } from '../../shared/openapi/schema.js';

/** What Prometheus scrapes. */
export const metricsOperations: Operations = {
  'GET /metrics': {
    id: 'scrape',
    tag: 'Probes',
    summary: 'All metrics, for Prometheus',
    description: '`docs/metrics.md` says what each of them is.',
    access: [],
    answers: {
      200: {
        description: 'Prometheus text format 0.0.4.',
        content: { 'text/plain': { schema: text('One line for each series.'), example: 'assay_event_polls 0\n' } },
      },
    },
  },
};
