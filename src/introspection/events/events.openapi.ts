/** Describes the endpoint by which callers that cache learn of decisions. */
import { revocationKinds } from '../../revocation/tokens/revocation.js';
import { named } from '../../shared/openapi/component.js';
import type { Operation, Operations } from '../../shared/openapi/operation.js';
import { count, list, object, text, word } from '../../shared/openapi/schema.js';
import { bodyAnswers, callerAnswers, oauthRefusal } from '../../transport/http/oauth.openapi.js';
import { byCaller, credentialMembers } from '../introspection.openapi.js';

const event = named(
  'schemas',
  'DecisionEvent',
  object(
    {
      seq: count('Its place in the one order of all decisions.'),
      kind: word(['key', ...revocationKinds], 'What was decided about.'),
      verdict: word(['denied', 'revoked', 'allowed'], '`allowed` takes an earlier decision back.'),
      issuer: text('Id of the registration.'),
    },
    {
      iss: text('The `iss` of its tokens, where they have one.'),
      key: text('Thumbprint of the key (RFC 7638).'),
      claim: text('The member of answers that names the token, session, subject or client.'),
      digest: text('Digest of its value, where the caller may see that claim.'),
      before: count('Tokens are refused that were issued up to this second.'),
    },
  ),
);

const operation: Omit<Operation, 'id' | 'summary'> = {
  tag: 'Introspection',
  description:
    'For callers that keep answers: what was revoked since, and which keys were denied, for the issuers that the caller may see. `docs/revocation.md` says how to use it.',
  access: byCaller,
  query: {
    after: {
      description: 'The `next` of the answer before; absent: where to begin.',
      schema: { type: 'integer', minimum: 0 },
      example: 41,
    },
    wait: {
      description: 'Seconds to wait for an event where there is none.',
      schema: { type: 'integer', minimum: 0, maximum: 30 },
      example: 0,
    },
  },
  answers: {
    200: {
      description: 'The events after that place, the oldest first.',
      content: {
        'application/json': {
          schema: named(
            'schemas',
            'DecisionEvents',
            object({
              events: list(event, 'None: nothing was decided.'),
              next: count('For `after` of the next request.'),
            }),
          ),
          example: {
            events: [
              {
                seq: 42,
                kind: 'subject',
                verdict: 'revoked',
                issuer: 'corp',
                iss: 'https://login.corp.example',
                before: 1795258400,
              },
            ],
            next: 42,
          },
        },
      },
    },
    ...callerAnswers,
    410: oauthRefusal({
      description: 'Events after this place may be missing: forget all answers, and begin anew without `after`.',
      example: {
        error: 'invalid_request',
        error_description: 'events after this place may be missing: forget all answers, begin anew',
      },
    }),
  },
};

/** What callers hear of decisions. */
export const eventOperations: Operations = {
  'GET /events': { id: 'readEvents', summary: 'What was revoked since?', ...operation },
  'POST /events': {
    id: 'readEventsByForm',
    summary: 'The same, for callers whose credentials are in a form',
    ...operation,
    body: {
      'application/x-www-form-urlencoded': {
        schema: object({}, credentialMembers, 'The credentials. The question is in the query.'),
        example: { client_id: 'orders-api', client_secret: 'of the configuration' },
      },
    },
    answers: { ...operation.answers, ...bodyAnswers },
  },
};
