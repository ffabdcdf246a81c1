/** Describes the endpoints that deny a key, allow it again and list what is denied. */
import { named } from '../shared/openapi/component.js';
import type { Operations, Parameter } from '../shared/openapi/operation.js';
import { count, flag, instant, list, object, text, type Schema } from '../shared/openapi/schema.js';
import { configuredDenial, decisionMembers, denialWithReach, reachMembers } from './denial-schemas.openapi.js';
import { issuerPath } from './issuers.openapi.js';
import {
  absent,
  adminAnswers,
  fieldAnswers,
  issuerAbsent,
  jsonBodyAnswers,
  problemAnswer,
  storeAnswers,
} from './problem.openapi.js';

const path: Readonly<Record<string, Parameter>> = {
  ...issuerPath,
  thumbprint: {
    description: 'RFC 7638, SHA-256; of a key that is published, or not.',
    schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{43}$' },
    example: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
  },
};

/** Why an operator decides something. */
export const reason: Schema = text('Why, for people.', { minLength: 1, maxLength: 200 });

/** When a decision ends. */
export const until: Schema = instant(
  'When it ends by itself: a time to come. Absent: never, or when no token can be left that it is about.',
);

const example = {
  issuer: 'corp',
  thumbprint: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
  by: 'ops',
  reason: 'stolen, INC-4711',
  at: '2026-11-30T12:00:00.000Z',
  confirmedBy: ['assay-0'],
  notConfirmedBy: [],
  isComplete: true,
};

const answer = named(
  'schemas',
  'DenialAnswer',
  object(
    {
      issuer: text('Id of the issuer.'),
      thumbprint: text('Of the key.'),
      isShared: flag('Whether it is in Redis, or there is no other replica.'),
    },
    {
      ...decisionMembers,
      ...reachMembers,
      until: instant('When it ends by itself.'),
      effectiveWithinSeconds: count('By when every replica refuses the key.'),
      detail: text('Why no time is promised.'),
    },
  ),
);

/** Keys that operators deny. */
export const denialOperations = {
  'GET /admin/v1/denials': {
    id: 'listDenials',
    tag: 'Issuers',
    summary: 'Denied keys of all issuers',
    access: ['adminToken'],
    answers: {
      200: {
        description: 'The latest first, at most 100 of operators and 100 of the configuration.',
        content: {
          'application/json': {
            schema: object({
              denials: list({ anyOf: [denialWithReach, configuredDenial] }, 'In force.'),
              count: count('How many there are.'),
            }),
            example: { denials: [example], count: 1 },
          },
        },
      },
      ...adminAnswers,
    },
  },
  'POST /admin/v1/issuers/:id/keys/:thumbprint/deny': {
    id: 'denyKey',
    tag: 'Issuers',
    summary: 'Refuse every token that a key has signed',
    description: 'From now on here, and at every other replica within 7 seconds. Takes an operator.',
    access: ['adminToken'],
    path,
    body: {
      'application/json': {
        schema: named('schemas', 'Denial', object({ reason }, { until })),
        example: { reason: 'stolen, INC-4711' },
      },
    },
    answers: {
      200: {
        description: 'Denied; every replica refuses the key within the seconds that are named.',
        content: {
          'application/json': { schema: answer, example: { ...example, isShared: true, effectiveWithinSeconds: 7 } },
        },
      },
      202: {
        description: 'Denied; no time is promised, because some replica is not known to follow.',
        content: {
          'application/json': {
            schema: answer,
            example: {
              ...example,
              isShared: false,
              detail: 'the shared store does not answer: the denial holds at this replica alone for now',
            },
          },
        },
      },
      ...adminAnswers,
      ...jsonBodyAnswers,
      ...fieldAnswers,
      ...issuerAbsent,
      ...storeAnswers,
    },
  },
  'DELETE /admin/v1/issuers/:id/keys/:thumbprint/deny': {
    id: 'allowKey',
    tag: 'Issuers',
    summary: 'Take a denial back',
    description: 'Takes an operator.',
    access: ['adminToken'],
    path,
    answers: {
      204: { description: 'It is allowed again.' },
      ...adminAnswers,
      ...fieldAnswers,
      ...storeAnswers,
      ...absent('No issuer has this id, or the key is not denied.', 'key_not_denied', 'this key is not denied'),
      409: problemAnswer({
        description: 'The configuration denies it.',
        status: 409,
        title: 'Conflict',
        code: 'key_denied_by_configuration',
        detail: 'the configuration denies this key: see deniedKeys of the issuer',
      }),
    },
  },
} satisfies Operations;
