/** Describes the endpoint that says what nobody rotates, uses or ends. */
import { findingKinds } from '../hygiene/findings.js';
import { named } from '../shared/openapi/component.js';
import type { Operations } from '../shared/openapi/operation.js';
import { count, flag, instant, list, object, quantity, text, word } from '../shared/openapi/schema.js';
import { adminAnswers, fieldAnswers } from './problem.openapi.js';

const finding = named(
  'schemas',
  'HygieneFinding',
  object(
    { kind: word(findingKinds, 'What was found.'), says: text('What it means.'), firstStep: text('What to do first.') },
    {
      issuer: text('Id of the issuer.'),
      caller: text('Id of the caller.'),
      admin: text('Id of the admin token.'),
      thumbprint: text('Of the key.'),
      algorithm: text('That is allowed.'),
      audience: text('That was granted.'),
      claim: text('That was granted.'),
      others: list(text('Id of a caller.'), 'Who has the same secret; at most 20.'),
      watchedSince: instant('Since when it is watched.'),
      lastUse: instant('When it was last used.'),
      ends: instant('When the secret ends.'),
      hasOther: flag('Whether another secret of the caller stays good.'),
      lifetimeSeconds: quantity('How long tokens live.'),
      allowedSeconds: quantity('How long they may live.'),
      keyType: text('Kind and size of the key.'),
      strengthBits: count('Its bits of security.'),
      keyCount: count('How many keys there are at once.'),
      decided: instant('When the key was denied; absent: by the configuration.'),
    },
  ),
);

const seen = object(
  {
    issuer: text('Id of the issuer.'),
    algorithms: list(
      object({ algorithm: text('That its registration allows.') }, { lastUse: instant('When it signed last.') }),
      'Those that it may use.',
    ),
    maxLifetimeSeconds: quantity('The longest lifetime that its registration allows.'),
  },
  { longestLifetimeSeconds: quantity('The longest that was seen in 30 days.') },
);

const limit = quantity('Of the configuration, under `hygiene`.');

const report = named(
  'schemas',
  'Hygiene',
  object(
    {
      at: instant('When this was so.'),
      replica: text('Who answers.'),
      watch: object(
        {
          issuers: count('How many are watched.'),
          callers: count('How many are watched.'),
          admins: count('Admin tokens that are watched.'),
        },
        {
          since: instant('Since when.'),
          notWatched: count('How many there is no room for.'),
          isShared: flag('Whether all replicas have one picture.'),
        },
      ),
      limits: object({
        rotateWithinSeconds: limit,
        unusedAfterSeconds: limit,
        warnBeforeSeconds: limit,
        longestLifetimeSeconds: limit,
        keyStrengthBits: limit,
        mostKeys: limit,
      }),
      findings: list(finding, 'At most 500.'),
      findingCount: count('How many there are.'),
      undecided: list(finding, 'What may become a finding, and was not watched long enough; at most 500.'),
      undecidedCount: count('How many there are.'),
      seen: list(seen, 'What issuers do, beside what they may; at most 500.'),
    },
    {},
    'Nothing in it is of a subject or of a token.',
  ),
);

/** What auditors of machine identities ask. */
export const hygieneOperations: Operations = {
  'GET /admin/v1/hygiene': {
    id: 'readHygiene',
    tag: 'Fleet',
    summary: 'What does nobody rotate, use or watch?',
    description: '`docs/governance.md` says what each finding means.',
    access: ['adminToken'],
    query: {
      kind: { description: 'Findings of this kind alone.', schema: { type: 'string', enum: [...findingKinds] } },
      issuer: { description: 'Findings about this issuer alone.', schema: { type: 'string' }, example: 'corp' },
      caller: { description: 'Findings about this caller alone.', schema: { type: 'string' } },
    },
    answers: {
      200: {
        description: 'Findings, each with what to do first.',
        content: {
          'application/json': {
            schema: report,
            example: {
              at: '2026-11-30T12:00:00.000Z',
              replica: 'assay-0',
              watch: { since: '2026-08-01T12:00:00.000Z', issuers: 1, callers: 1, admins: 1, isShared: true },
              limits: {
                rotateWithinSeconds: 7776000,
                unusedAfterSeconds: 2592000,
                warnBeforeSeconds: 2592000,
                longestLifetimeSeconds: 86400,
                keyStrengthBits: 112,
                mostKeys: 10,
              },
              findings: [],
              findingCount: 0,
              undecided: [],
              undecidedCount: 0,
              seen: [],
            },
          },
        },
      },
      ...adminAnswers,
      ...fieldAnswers,
    },
  },
};
