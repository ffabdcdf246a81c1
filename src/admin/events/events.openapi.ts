/** Describes the endpoint that says what happened lately. */
import { named } from '../../shared/openapi/component.js';
import type { Operations } from '../../shared/openapi/operation.js';
import { count, instant, list, object, text, word } from '../../shared/openapi/schema.js';
import { adminAnswers, fieldAnswers } from '../problem.openapi.js';
import { eventGroups, eventKinds } from './event-kinds.js';

const event = named(
  'schemas',
  'FleetEvent',
  object(
    {
      at: instant('When the first replica saw it, by the clock of that one.'),
      event: word(eventKinds, 'What happened. Most are actions of the audit trail.'),
      group: word(eventGroups, 'What it is about.'),
      says: text('What it means, in a sentence.'),
      replicas: list({ type: 'string' }, 'Who saw it.'),
    },
    {
      issuer: text('Id of the registration.'),
      owner: text('Id of the registration whose key it is.'),
      thumbprint: text('Of the key.'),
      category: text('Why a fetch failed.'),
      host: text('Where it failed.'),
      stage: text('At what it failed.'),
      by: text('Id of the admin token.'),
      byIssuer: text('Id of the issuer that vouches for its holder.'),
      reason: text('Why: as the operator said, or a code.'),
      result: text('`done`, or the code of the refusal.'),
      kind: text('What was revoked, or what is not believed.'),
      signal: text('Id of the stream.'),
      about: text('Name of the replica that it is about.'),
      peer: text('Name of the other region.'),
      what: text('What was asked for there, or of what there was more.'),
      change: text('`added`, `removed` or `changed`.'),
      part: text('Part of the configuration.'),
      digest: text('SHA-256 of the configuration.'),
      version: text('Of the program.'),
    },
    'Nothing in it is of a token or of a subject.',
  ),
);

const latest = named(
  'schemas',
  'FleetEvents',
  object({
    at: instant('When this was so.'),
    replica: text('Who answers.'),
    covers: object(
      {
        replicas: word(['all', 'this'], 'Whose events these are.'),
        since: instant('From when on none is missing that could be shared.'),
        detail: text('The same in a sentence, with what may be missing.'),
      },
      { region: text('Those of other regions are not among them.') },
    ),
    events: list(event, 'The latest first.'),
    eventCount: count('How many there are.'),
  }),
);

/** What happened lately. */
export const fleetEventOperations: Operations = {
  'GET /admin/v1/events': {
    id: 'readFleetEvents',
    tag: 'Fleet',
    summary: 'What happened lately, and who did it?',
    description:
      'The latest key events, failures of issuers, actions of operators and changes of the configuration: at most 500 of all replicas together. What must not be lost is in the audit trail (`docs/audit.md`).',
    access: ['adminToken'],
    query: {
      group: { description: 'Those about this alone.', schema: { type: 'string', enum: [...eventGroups] } },
      issuer: { description: 'Those about this issuer alone.', schema: { type: 'string' }, example: 'corp' },
      limit: {
        description: 'How many at most.',
        schema: { type: 'string', pattern: '^[1-9][0-9]{0,2}$', default: '100' },
        example: '25',
      },
    },
    answers: {
      200: {
        description: 'The latest first.',
        content: {
          'application/json': {
            schema: latest,
            example: {
              at: '2026-11-30T12:00:00.000Z',
              replica: 'assay-0',
              covers: {
                replicas: 'all',
                since: '2026-11-29T08:00:00.000Z',
                detail: 'events of all replicas that share this Redis, as far as they could share them',
              },
              events: [
                {
                  at: '2026-11-30T11:58:00.000Z',
                  event: 'admin_deny',
                  group: 'operators',
                  says: 'acting denied key NzbLsXh8uD… of corp: stolen, INC-4711',
                  replicas: ['assay-0'],
                  by: 'acting',
                  result: 'done',
                  issuer: 'corp',
                  thumbprint: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
                  reason: 'stolen, INC-4711',
                },
              ],
              eventCount: 1,
            },
          },
        },
      },
      ...adminAnswers,
      ...fieldAnswers,
    },
  },
};
