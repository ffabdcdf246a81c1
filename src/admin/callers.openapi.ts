/** Describes the endpoint that says who asks, and what is answered. */
import { named } from '../shared/openapi/component.js';
import type { Operations } from '../shared/openapi/operation.js';
import { count, flag, instant, list, mapOf, object, quantity, text } from '../shared/openapi/schema.js';
import { pageLimit } from './paged.openapi.js';
import { adminAnswers, fieldAnswers } from './problem.openapi.js';

const caller = named(
  'schemas',
  'AskingCaller',
  object(
    {
      caller: text('Id of the caller.'),
      isProxyProfile: flag('Whether proxies ask in its name.'),
      watchedSince: instant('Since when it is watched.'),
      active: count('Tokens that were active, of the last minutes.'),
      limited: count('Requests that were answered 429.'),
      refused: mapOf(count('How many.'), 'Tokens that were not good, or not good enough, by the reason.'),
    },
    {
      lastUse: instant('When it last asked; absent: not since it is watched.'),
      rateLimit: object({ perSecond: quantity('In the long run.'), burst: quantity('At once.') }),
    },
  ),
);

const page = named(
  'schemas',
  'AskingCallers',
  object(
    {
      replica: text('Who answers.'),
      minutes: count('How far back the figures go.'),
      callers: list(caller, 'In the order of their ids.'),
      isComplete: flag('Whether the figures are those of all live replicas.'),
    },
    {
      next: text('Where the next page begins.'),
      missing: list(text('Name of a replica.'), 'Replicas of which nothing is known.'),
    },
  ),
);

/** Who asks, and what becomes of it. */
export const callerOperations: Operations = {
  'GET /admin/v1/callers': {
    id: 'listCallers',
    tag: 'Fleet',
    summary: 'Who asks, how much, and what is refused why',
    description: 'Of all replicas together, as of ten seconds ago.',
    access: ['adminToken'],
    query: {
      after: { description: 'The `next` of the page before.', schema: { type: 'string' }, example: 'orders-api' },
      ...pageLimit,
      search: { description: 'Part of the id.', schema: { type: 'string', maxLength: 200 }, example: 'orders' },
    },
    answers: {
      200: {
        description: 'A page of the callers.',
        content: {
          'application/json': {
            schema: page,
            example: {
              replica: 'assay-0',
              minutes: 15,
              callers: [
                {
                  caller: 'orders-api',
                  isProxyProfile: false,
                  watchedSince: '2026-08-01T12:00:00.000Z',
                  lastUse: '2026-11-30T12:00:00.000Z',
                  active: 1200,
                  limited: 0,
                  refused: { expired: 3 },
                },
              ],
              isComplete: true,
            },
          },
        },
      },
      ...adminAnswers,
      ...fieldAnswers,
    },
  },
};
