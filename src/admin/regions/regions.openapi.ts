/** Describes the endpoints about all regions of an installation. */
import { freshnessStates } from '../../keys/accepted/key-freshness.js';
import { fetchStages, keyFetchCategories } from '../../keys/source/key-fetch-failure.js';
import { named } from '../../shared/openapi/component.js';
import type { Operations } from '../../shared/openapi/operation.js';
import {
  count,
  flag,
  instant,
  list,
  mapOf,
  object,
  quantity,
  text,
  word,
  type Members,
} from '../../shared/openapi/schema.js';
import { adminAnswers, fieldAnswers } from '../problem.openapi.js';
import { regionStates } from './known-region.js';
import { differenceKinds } from './region-differences.js';
import { regionFindingKinds } from './region-findings.js';

const about: Members = {
  replica: text('Who reports.'),
  version: text('Of the program there.'),
  isComplete: flag('Whether it is known what every replica there does.'),
  isHealthy: flag('Whether there is nothing that an operator should do.'),
  sentence: text('The first thing to read about it.'),
  configuration: text('SHA-256 of the configuration in force there.'),
};

const firstStep = text('What to do first.');
const runbook = text('The paragraph that says more: a document of the project, which the console serves as a page.');
const denied: Members = { count: count('How many.'), digest: text('Equal exactly where the same keys are denied.') };

const report: Members = {
  ...about,
  firstStep,
  answersAs: text('What it calls itself: `redis.region` there.'),
  replicas: object({ remembered: count('How many there are.'), live: count('How many of them are live.') }),
  issuers: object({ total: count('How many there are.'), states: mapOf(count('How many.'), 'By their state.') }),
  deniedKeys: object(denied),
};

const issuerIds = (description: string) => list({ type: 'string' }, description);

const differences = object(
  { counts: object(Object.fromEntries(differenceKinds.map((kind) => [kind, count('How many differ.')]))) },
  {
    notDeniedThere: issuerIds('Id of the issuer, a space, and the thumbprint.'),
    notDeniedHere: issuerIds('Id of the issuer, a space, and the thumbprint.'),
    keys: issuerIds('Of which other keys are accepted there.'),
    issuers: issuerIds('Which only one of the two has.'),
    registrations: issuerIds('Which are registered in another way there.'),
  },
);

const region = named(
  'schemas',
  'Region',
  object(
    { name: text('Its name.'), state: word(regionStates, 'Whether it reports, and if not, why.') },
    {
      isOwn: { type: 'boolean', const: true, description: 'It is the one that answers.' },
      category: word(keyFetchCategories, 'Why there is no report.'),
      host: text('Who was asked.'),
      stage: word(fetchStages, 'How far the question came.'),
      notReachableSince: instant('Since when.'),
      asOf: instant('When the report was asked for.'),
      ageSeconds: quantity('Of the report.'),
      ...report,
      differences,
    },
    'A region; of one that does not report, the latest report with its age.',
  ),
);

const finding = named(
  'schemas',
  'RegionFinding',
  object(
    {
      kind: word(regionFindingKinds, 'The kinds, the worst first.'),
      region: text('Its name.'),
      says: text('What it means.'),
      firstStep,
      runbook,
    },
    { since: instant('Since when.'), about: issuerIds('What it is about; the first ones.') },
  ),
);

const all = named(
  'schemas',
  'Regions',
  object(
    {
      at: instant('When this was so.'),
      replica: text('Who answers.'),
      region: text('Its region, or nothing.'),
      isComplete: flag('Whether every region has just said what each of its replicas does.'),
      detail: text('What `isComplete` is about, or why it is not.'),
      isHealthy: flag('Whether nothing was found.'),
      sentence: text('The first thing to read.'),
      boundSeconds: quantity('Longest that a region is waited for.'),
      regions: list(region, 'This one first.'),
      findings: list(finding, 'The worst first, at most 100.'),
      findingCount: count('How many there are.'),
    },
    {
      since: instant('Since when the worst is so.'),
      firstStep,
      runbook,
      further: count('How many more findings there are.'),
    },
  ),
);

const own = named(
  'schemas',
  'OwnRegionReport',
  object(
    {
      ...about,
      region: text('Its name, or nothing.'),
      replicas: count('How many are remembered.'),
      live: count('How many of them are live.'),
      issuers: mapOf(
        object(
          {
            state: word(freshnessStates, 'The worst of its live replicas.'),
            digest: text('Which keys are accepted.'),
            isDiffering: flag('Whether replicas differ.'),
            registration: text('Digest of the registration.'),
          },
          { ageSeconds: quantity('The oldest of its live replicas.') },
        ),
        'By the id of the issuer.',
      ),
      moreIssuers: count('How many issuers there are besides.'),
      deniedKeys: object(denied, { keys: issuerIds('Id of the issuer, a space, and the thumbprint.') }),
    },
    { firstStep },
  ),
);

const examples = {
  all: {
    at: '2026-11-30T12:00:00.000Z',
    replica: 'assay-0',
    region: 'eu-west-1',
    isComplete: true,
    detail: 'admin.regions names no other region: whether there is one is not known here',
    isHealthy: true,
    sentence: 'All 2 replicas agree',
    boundSeconds: 3,
    regions: [{ name: 'eu-west-1', isOwn: true, state: 'reachable', ageSeconds: 0 }],
    findings: [],
    findingCount: 0,
  },
};

/** All regions in one answer. */
export const regionOperations: Operations = {
  'GET /admin/v1/fleet': {
    id: 'readRegions',
    tag: 'Fleet',
    summary: 'Do all regions agree, and if not, what to do first?',
    description: 'Every region of `admin.regions` is asked, and none of them is waited for longer than `boundSeconds`.',
    access: ['adminToken'],
    query: {
      regions: {
        description: '`own`: this region alone, as others ask for it.',
        schema: { type: 'string', enum: ['own'] },
      },
    },
    answers: {
      200: {
        description: 'All regions; with `regions=own` the report of this one.',
        content: {
          'application/json': {
            schema: { anyOf: [all, own] },
            examples: { all: { summary: 'all regions', value: examples.all } },
          },
        },
      },
      ...adminAnswers,
      ...fieldAnswers,
    },
  },
};
