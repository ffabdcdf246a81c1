/** Describes the endpoint that explains a verdict. */
import { named } from '../../shared/openapi/component.js';
import type { Operations } from '../../shared/openapi/operation.js';
import { count, instant, list, object, openObject, text, word } from '../../shared/openapi/schema.js';
import { absent, adminAnswers, jsonBodyAnswers } from '../problem.openapi.js';
import { stepNames } from './explanation.js';

const step = named(
  'schemas',
  'ExplainedStep',
  openObject(
    {
      step: word(stepNames, 'In the order in which they are taken.'),
      outcome: word(['passed', 'refused', 'unknown', 'not_needed', 'not_reached'], 'What came of it.'),
    },
    {},
    'One step of a verdict; what else it says depends on the step (`docs/admin.md`).',
  ),
);

const explanation = named(
  'schemas',
  'Explanation',
  object(
    {
      caller: text('For whom it was judged.'),
      at: instant('When.'),
      verdict: word(['active', 'inactive', 'unknown'], '`unknown`: the caller would get 503.'),
      steps: list(step, 'All of them.'),
    },
    {
      rejection: object(
        { code: text('Why it is not good.'), step: word(stepNames, 'Which step decided.') },
        {
          detail: text('More about it.'),
          hints: list({ type: 'string' }, 'What to change in the configuration, perhaps.'),
        },
      ),
      unavailable: object({ cause: text('What cannot be known.'), retryAfterSeconds: count('When to ask again.') }),
    },
  ),
);

/** Why a token is good, or not. */
export const explainOperations: Operations = {
  'POST /admin/v1/explain': {
    id: 'explain',
    tag: 'Explain',
    summary: 'Why is this token good, or not, for this caller?',
    description:
      'The token is judged by the code that judges it for the caller, and every step is shown. Nothing of it is kept. Takes an operator.',
    access: ['adminToken'],
    body: {
      'application/json': {
        schema: named(
          'schemas',
          'ExplainInput',
          object(
            {
              token: text('As the caller sends it.', { minLength: 1 }),
              caller: text('Id of a registered caller.', { minLength: 1 }),
            },
            { scope: text('Scopes that a proxy would ask for as well, with spaces between them.') },
          ),
        ),
        example: {
          token: 'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwczovL2xvZ2luLmV4YW1wbGUifQ.c2lnbmF0dXJl',
          caller: 'orders-api',
        },
      },
    },
    answers: {
      200: {
        description: 'Step by step.',
        content: {
          'application/json': {
            schema: explanation,
            example: {
              caller: 'orders-api',
              at: '2026-11-30T12:00:00.000Z',
              verdict: 'inactive',
              rejection: { code: 'issuer_unknown', step: 'issuer' },
              steps: [
                { step: 'token', outcome: 'passed', header: { alg: 'ES256' } },
                {
                  step: 'issuer',
                  outcome: 'refused',
                  iss: 'https://login.example',
                  near: ['https://login.corp.example'],
                },
                { step: 'header', outcome: 'not_reached' },
              ],
            },
          },
        },
      },
      ...adminAnswers,
      ...jsonBodyAnswers,
      ...absent('No caller has this id.', 'caller_unknown', 'there is no caller with this id'),
    },
  },
};
