/** Describes the endpoints about the whole fleet and about the configuration in force. */
import { includeStates } from '../shared/configuration/active-configuration.js';
import { named } from '../shared/openapi/component.js';
import type { Operations } from '../shared/openapi/operation.js';
import { count, flag, instant, list, mapOf, object, quantity, text, word } from '../shared/openapi/schema.js';
import { absent, adminAnswers, problemAnswer, storeAnswers } from './problem.openapi.js';
import { troubleKinds } from './troubles.js';

const replica = named(
  'schemas',
  'Replica',
  object(
    { replica: text('Its name.'), seen: instant('When it was last seen.') },
    {
      region: text('Its region.'),
      isLost: { type: 'boolean', const: true, description: 'It was not seen for 15 seconds.' },
      isKnown: { type: 'boolean', const: false, description: 'What it reports cannot be read now.' },
      version: text('Of the program.'),
      configuration: object({ digest: text('SHA-256 of what is in force.'), since: instant('Since when.') }),
      started: instant('When the process started.'),
      store: word(['none', 'reachable', 'away'], 'How Redis is, seen from there.'),
      clockSkewMs: {
        type: 'integer',
        description: 'How far the clock of Redis is ahead of that of the replica, at least.',
      },
      memoryBytes: count('Memory of the process.'),
      loopDelayMs: quantity('How late 99 of 100 turns of the event loop were at most in the last minute.'),
    },
    'What a replica says about itself. Replicas of earlier versions say less.',
  ),
);

const trouble = named(
  'schemas',
  'Trouble',
  object(
    {
      kind: word(troubleKinds, 'The kinds, the worst first.'),
      says: text('What it means, in a sentence.'),
      firstStep: text('What to do first.'),
      runbook: text('The paragraph that says more: a document of the project, which the console serves as a page.'),
      replicas: list({ type: 'string' }, 'Whom it is about.'),
    },
    { since: instant('Since when.'), issuer: text('Id of the issuer.'), thumbprint: text('Of the key.') },
  ),
);

const example = {
  at: '2026-11-30T12:00:00.000Z',
  replica: 'assay-0',
  isHealthy: true,
  sentence: 'This replica is well, and knows of no other',
  issuers: { total: 1, states: { FRESH: 1 } },
  replicas: [{ replica: 'assay-0', seen: '2026-11-30T12:00:00.000Z', version: '0.1.0', store: 'none' }],
  troubles: [],
  troubleCount: 0,
};

const overview = named(
  'schemas',
  'Overview',
  object(
    {
      at: instant('When this was so.'),
      replica: text('Who answers.'),
      isHealthy: flag('Whether there is no trouble.'),
      sentence: text('The first thing to read.'),
      issuers: object({
        total: count('How many there are.'),
        states: mapOf(count('How many.'), 'By their state here.'),
      }),
      replicas: list(replica, 'All that are remembered, this one first.'),
      troubles: list(trouble, 'The worst first, at most 100.'),
      troubleCount: count('How many there are.'),
    },
    {
      since: instant('Since when the worst is so.'),
      firstStep: text('What to do first.'),
      runbook: text('The paragraph that says more.'),
      further: count('How many troubles there are beside the worst.'),
      more: count('How many more replicas there are than can be shown.'),
    },
  ),
);

const includedFile = object(
  {
    file: text('Its path.'),
    state: word(includeStates, 'Which version of it is in force: the one that is there, the last good one, or none.'),
    problemCount: count('What is wrong with the one that is there.'),
    problems: list(
      object(
        { path: text('Place in the file.'), found: text('What is there.'), expected: text('What should be.') },
        { file: text('The file.'), line: count('Line.'), conflictsWith: text('Another file that says the same.') },
      ),
      'At most 20 of them.',
    ),
  },
  { digest: text('SHA-256 of the version in force.'), owner: text('Whose it says it is.') },
);

/** The whole fleet in one answer, the configuration that is in force here, and a replica that is gone. */
export const overviewOperations: Operations = {
  'GET /admin/v1/overview': {
    id: 'readOverview',
    tag: 'Fleet',
    summary: 'Do all replicas agree, and if not, what to do first?',
    access: ['adminToken'],
    answers: {
      200: { description: 'The whole fleet.', content: { 'application/json': { schema: overview, example } } },
      ...adminAnswers,
    },
  },
  'GET /admin/v1/configuration': {
    id: 'readConfiguration',
    tag: 'Fleet',
    summary: 'Which configuration is in force here?',
    access: ['adminToken'],
    answers: {
      200: {
        description: 'Not what is in it: which one it is.',
        content: {
          'application/json': {
            schema: object(
              {
                file: text('The file, as its user named it.'),
                digest: text('SHA-256, as `sha256sum` prints it; with included files, that of their list.'),
                since: instant('When it came into force.'),
              },
              { included: list(includedFile, 'The files that it includes.') },
            ),
            example: {
              file: '/etc/assay/assay.yaml',
              digest: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
              since: '2026-11-30T12:00:00.000Z',
            },
          },
        },
      },
      ...adminAnswers,
    },
  },
  'DELETE /admin/v1/fleet/replicas/:replica': {
    id: 'dropReplica',
    tag: 'Fleet',
    summary: 'A replica is gone, and will not come back',
    description: 'Nobody waits for its confirmation any more. Takes an operator.',
    access: ['adminToken'],
    path: {
      replica: { description: 'Its name.', schema: { type: 'string', minLength: 1 }, example: 'assay-7d4f-x2x9p-1f3a' },
    },
    answers: {
      204: { description: 'It is forgotten.' },
      ...adminAnswers,
      ...storeAnswers,
      ...absent('No replica of this name is remembered.', 'replica_unknown', 'no replica of this name is remembered'),
      409: problemAnswer({
        description: 'It still reports.',
        status: 409,
        title: 'Conflict',
        code: 'replica_live',
        detail: 'this replica was seen a moment ago',
      }),
    },
  },
};
