/** Describes the endpoints that act in all regions with one call. */
import { fetchStages, keyFetchCategories } from '../../keys/source/key-fetch-failure.js';
import { named } from '../../shared/openapi/component.js';
import type { Answers, Operation, Operations } from '../../shared/openapi/operation.js';
import { count, explainedWord, flag, list, object, text, word } from '../../shared/openapi/schema.js';
import { denialOperations } from '../denials.openapi.js';
import { adminAnswers, fieldAnswers, issuerAbsent, jsonBodyAnswers } from '../problem.openapi.js';
import { revocationOperations } from '../revocations.openapi.js';
import type { OutcomeWord } from './region-outcome.js';

const outcomes: Readonly<Record<OutcomeWord, string>> = {
  done: 'it was done',
  refused: 'it was refused: `code` says why',
  failed: 'it failed: `code` says why',
  no_answer: 'nobody knows whether it was done: `category` says why',
};

const outcome = named(
  'schemas',
  'RegionOutcome',
  object(
    {
      name: text('Of the region.'),
      outcome: explainedWord(outcomes, 'What became of it.'),
    },
    {
      isOwn: { type: 'boolean', const: true, description: 'It is the one that answers.' },
      effectiveWithinSeconds: count('By when it holds at every replica there; absent: no time is promised.'),
      isShared: flag('Whether the store there has it.'),
      confirmed: count('Replicas there that have confirmed it.'),
      notConfirmed: count('Replicas there that have not.'),
      code: text('Why it was refused, or failed.'),
      category: word(keyFetchCategories, 'Why there is no answer.'),
      host: text('Who was asked.'),
      stage: word(fetchStages, 'How far the question came.'),
    },
  ),
);

const answer = named(
  'schemas',
  'EverywhereAnswer',
  object(
    {
      issuer: text('Id of the issuer.'),
      isDoneEverywhere: flag('Whether every region has done it.'),
      isRepeated: { type: 'boolean', const: false, description: 'Nothing is tried again: send it again.' },
      regions: list(outcome, 'This one first.'),
    },
    { detail: text('Why no time is promised.') },
  ),
);

const example = {
  issuer: 'corp',
  isDoneEverywhere: true,
  isRepeated: false,
  regions: [{ name: 'eu-west-1', isOwn: true, outcome: 'done', effectiveWithinSeconds: 7, isShared: true }],
};

function answers(status: 200 | 201): Answers {
  const content = { 'application/json': { schema: answer, example } };
  return {
    [status]: { description: 'Done in every region, each within the seconds that it names.', content },
    202: { description: 'Some region has not done it, or promises no time: see `outcome` of each.', content },
    ...adminAnswers,
    ...fieldAnswers,
    ...issuerAbsent,
  };
}

/** The same as an endpoint for one region, for all of them. */
function everywhere(one: Operation, id: string, answered: Answers): Operation {
  return {
    ...one,
    id,
    tag: 'Fleet',
    summary: `${one.summary}, in every region`,
    description: 'Here first; what is refused here as a whole is sent to no other region. Takes an operator.',
    answers: answered,
  };
}

const deny = 'POST /admin/v1/issuers/:id/keys/:thumbprint/deny';
const allow = 'DELETE /admin/v1/issuers/:id/keys/:thumbprint/deny';
const revoke = 'POST /admin/v1/issuers/:id/revocations';

/** What is done in all regions with one call. */
export const everywhereOperations: Operations = {
  'POST /admin/v1/fleet/issuers/:id/keys/:thumbprint/deny': everywhere(denialOperations[deny], 'denyKeyEverywhere', {
    ...answers(200),
    ...jsonBodyAnswers,
  }),
  'DELETE /admin/v1/fleet/issuers/:id/keys/:thumbprint/deny': everywhere(
    denialOperations[allow],
    'allowKeyEverywhere',
    answers(200),
  ),
  'POST /admin/v1/fleet/issuers/:id/revocations': everywhere(revocationOperations[revoke], 'revokeEverywhere', {
    ...answers(201),
    ...jsonBodyAnswers,
  }),
};
