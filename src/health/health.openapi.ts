/** Describes the probes. */
import { named } from '../shared/openapi/component.js';
import type { Answer, Operations } from '../shared/openapi/operation.js';
import { mapOf, object, openObject, text, word } from '../shared/openapi/schema.js';

const check = openObject({ status: word(['up', 'down', 'degraded'], 'Whether this is as it should be.') });
const checks = (description: string) => mapOf(check, description);

const readiness = named(
  'schemas',
  'Readiness',
  object({
    status: word(['ok', 'error', 'degraded', 'shutting_down'], 'Whether requests are welcome.'),
    info: checks('What is up.'),
    error: checks('What is not.'),
    details: checks('Everything.'),
  }),
);

const ok: Answer = {
  description: 'Yes.',
  content: { 'application/json': { schema: object({ status: text('`ok`') }), example: { status: 'ok' } } },
};

const up = { status: 'up' };

/** The probes. */
export const healthOperations: Operations = {
  'GET /livez': {
    id: 'isAlive',
    tag: 'Probes',
    summary: 'Does the process answer?',
    description: 'Nothing outside of the process makes this fail.',
    access: [],
    answers: { 200: ok },
  },
  'GET /readyz': {
    id: 'isReady',
    tag: 'Probes',
    summary: 'Are requests welcome?',
    access: [],
    answers: {
      200: {
        description: 'Yes: all listeners are open, and every critical issuer has keys.',
        content: {
          'application/json': {
            schema: readiness,
            example: { status: 'ok', info: { listeners: up }, error: {}, details: { listeners: up } },
          },
        },
      },
      503: {
        description: 'No, and what is missing.',
        content: {
          'application/json': {
            schema: readiness,
            example: {
              status: 'error',
              info: {},
              error: { listeners: { status: 'down', phase: 'draining' } },
              details: { listeners: { status: 'down', phase: 'draining' } },
            },
          },
        },
      },
    },
  },
  'GET /startupz': {
    id: 'isStarted',
    tag: 'Probes',
    summary: 'Is the start over?',
    access: [],
    answers: {
      200: ok,
      503: {
        description: 'Not yet.',
        content: {
          'application/json': { schema: object({ status: text('`starting`') }), example: { status: 'starting' } },
        },
      },
    },
  },
};
