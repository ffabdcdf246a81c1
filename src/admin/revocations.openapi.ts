/** Describes the endpoints that revoke tokens, sessions and what was issued to a user. */
import { revocationKinds } from '../revocation/tokens/revocation.js';
import { named } from '../shared/openapi/component.js';
import type { Operations, Parameter } from '../shared/openapi/operation.js';
import { count, flag, instant, list, object, text, word, type Members } from '../shared/openapi/schema.js';
import { reachMembers } from './denial-schemas.openapi.js';
import { reason, until } from './denials.openapi.js';
import { issuerPath } from './issuers.openapi.js';
import { pageLimit } from './paged.openapi.js';
import { absent, adminAnswers, fieldAnswers, issuerAbsent, jsonBodyAnswers, storeAnswers } from './problem.openapi.js';

const kind = word(
  revocationKinds,
  'What ends: one `token`, a `session`, or all that were issued to a `subject`, to a `client` or by the `issuer` up to `before`.',
);

const required: Members = {
  id: text('Of the decision.'),
  kind,
  digest: text('Of the name of whom it is about: the name itself is kept nowhere.'),
  decidedAt: instant('When it was decided.'),
  until: instant('When no token can be left that it is about.'),
};
const optional: Members = {
  before: instant('Tokens are refused that were issued up to then.'),
  by: text('Id of the admin token, of the caller or of the signal.'),
  reason: text('Why.'),
};

const revocation = named('schemas', 'Revocation', object({ ...required, ...reachMembers }, optional));

const answer = named(
  'schemas',
  'RevocationAnswer',
  object(
    {
      issuer: text('Id of the registration.'),
      ...required,
      ...reachMembers,
      isShared: flag('Whether it is in Redis, or there is no other replica.'),
    },
    {
      ...optional,
      effectiveWithinSeconds: count('By when every replica refuses.'),
      detail: text('Why no time is promised.'),
    },
  ),
);

const input = named(
  'schemas',
  'RevocationInput',
  object(
    { kind, reason },
    {
      value: text('Id of the token, session, subject or client; none for an issuer.', { minLength: 1, maxLength: 256 }),
      before: instant('For a subject, a client or an issuer: a time that is not to come; absent: now.'),
      until,
      tenant: text('Of an issuer that has many.', { minLength: 1, maxLength: 64 }),
    },
  ),
);

const example = {
  id: 'subject.8mZk1V3y0Qe2Xb7Tn5Rw4A.1796040000',
  kind: 'subject',
  digest: '8mZk1V3y0Qe2Xb7Tn5Rw4A',
  before: '2026-11-30T12:00:00.000Z',
  decidedAt: '2026-11-30T12:00:00.000Z',
  until: '2026-12-01T12:01:00.000Z',
  by: 'ops',
  reason: 'left the company, INC-4712',
  confirmedBy: ['assay-0'],
  notConfirmedBy: [],
  isComplete: true,
};

const one: Readonly<Record<string, Parameter>> = {
  ...issuerPath,
  revocation: {
    description: '`id` of the decision, as it is listed.',
    schema: { type: 'string', minLength: 1 },
    example: example.id,
  },
};

/** What is ended before its time. */
export const revocationOperations = {
  'POST /admin/v1/issuers/:id/revocations': {
    id: 'revokeOfIssuer',
    tag: 'Issuers',
    summary: 'End tokens before their time',
    description: '`docs/revocation.md` says what each kind ends, how fast, and for how long. Takes an operator.',
    access: ['adminToken'],
    path: issuerPath,
    body: {
      'application/json': {
        schema: input,
        example: { kind: 'subject', value: 'anna', reason: 'left the company, INC-4712' },
      },
    },
    answers: {
      201: {
        description: 'Revoked; every replica refuses within the seconds that are named.',
        content: {
          'application/json': {
            schema: answer,
            example: { issuer: 'corp', ...example, isShared: true, effectiveWithinSeconds: 7 },
          },
        },
      },
      202: {
        description: 'Revoked; no time is promised, because some replica is not known to follow.',
        content: {
          'application/json': {
            schema: answer,
            example: {
              issuer: 'corp',
              ...example,
              isShared: false,
              detail: 'the shared store does not answer: the revocation holds at this replica alone for now',
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
  'GET /admin/v1/issuers/:id/revocations': {
    id: 'listRevocations',
    tag: 'Issuers',
    summary: 'What is revoked of an issuer',
    access: ['adminToken'],
    path: issuerPath,
    query: {
      cursor: { description: 'The `next` of the page before.', schema: { type: 'string' } },
      ...pageLimit,
    },
    answers: {
      200: {
        description: 'In the order of their ids, which is the same at every replica.',
        content: {
          'application/json': {
            schema: object(
              {
                issuer: text('Id of the registration.'),
                isCurrent: flag('Whether what others decided until 7 seconds ago is among it.'),
                revocations: list(revocation, 'One page.'),
              },
              {
                readAgoSeconds: count('Since the decisions of others were read.'),
                next: text('For `cursor` of the next page; absent: this is the last.'),
              },
            ),
            example: { issuer: 'corp', isCurrent: true, readAgoSeconds: 1, revocations: [example] },
          },
        },
      },
      ...adminAnswers,
      ...fieldAnswers,
      ...issuerAbsent,
    },
  },
  'DELETE /admin/v1/issuers/:id/revocations/:revocation': {
    id: 'allowRevoked',
    tag: 'Issuers',
    summary: 'Take a revocation back',
    description: 'Takes an operator.',
    access: ['adminToken'],
    path: one,
    answers: {
      204: { description: 'It is taken back everywhere.' },
      ...adminAnswers,
      ...fieldAnswers,
      ...storeAnswers,
      ...absent(
        'No issuer has this id, or there is no such revocation in force.',
        'revocation_unknown',
        'there is no such revocation that is in force',
      ),
    },
  },
} satisfies Operations;
