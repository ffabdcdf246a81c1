/** Parts of answers about issuers that several endpoints have in common. */
import { freshnessStates } from '../keys/accepted/key-freshness.js';
import { fetchStages, keyFetchCategories } from '../keys/source/key-fetch-failure.js';
import { named } from '../shared/openapi/component.js';
import {
  count,
  flag,
  instant,
  list,
  object,
  openObject,
  quantity,
  text,
  word,
  type Members,
} from '../shared/openapi/schema.js';
import { configuredDenial, denialWithReach, lastSeenReplica } from './denial-schemas.openapi.js';

const lastError = named(
  'schemas',
  'FetchError',
  object(
    { category: word(keyFetchCategories, 'What went wrong.'), at: instant('When.') },
    {
      host: text('Who was asked.'),
      stage: word(fetchStages, 'How far the fetch came.'),
      named: text('The issuer that metadata names instead of the registered one.'),
    },
    'Why the latest fetch of keys failed.',
  ),
);

const stateMembers: Members = {
  ageSeconds: quantity('Since the start of the fetch that proved the keys published.'),
  earlierProofsAgoSeconds: list(
    count('Seconds.'),
    'How long ago the keys were proven before that, the latest first, at most 12: the age at every moment since then.',
  ),
  digest: text('Which keys are accepted: replicas that agree show the same one.'),
  fence: count('Number of the record.'),
  lastError,
  nextRefresh: instant('When the next fetch is due.'),
};

const atReplica = named(
  'schemas',
  'IssuerAtReplica',
  object(
    {
      replica: text('Name of the replica.'),
      seen: instant('When it was last seen.'),
      state: word([...freshnessStates, 'UNKNOWN'], 'State of the keys there.'),
    },
    {
      region: text('Its region.'),
      isLost: { type: 'boolean', const: true, description: 'It was not seen for 15 seconds.' },
      isKnown: { type: 'boolean', const: false, description: 'What it reports cannot be read now.' },
      ...stateMembers,
    },
  ),
);

const entries = list(
  object({ reason: text('Why.'), count: count('How many.'), kids: list({ type: 'string' }, 'Some of their names.') }),
  'Entries of the set that this replica itself got last.',
);

const denialOfKey = object(
  { by: text('Id of the admin token.'), reason: text('Why.'), at: instant('When.') },
  { until: instant('Until when.') },
);

const configuredBy = object({ by: { type: 'string', const: 'configuration' } });

const key = named(
  'schemas',
  'KeyOfIssuer',
  object(
    {
      thumbprint: text('RFC 7638, SHA-256.'),
      kids: list({ type: 'string' }, 'Names under which it was published.'),
      standing: word(
        ['active', 'retiring', 'returning'],
        '`retiring`: not published any more; `returning`: published again, and not yet proven.',
      ),
      firstSeen: instant('When it was first seen.'),
      lastSeen: instant('When it was last seen.'),
      isDenied: flag('Whether tokens that it signed are refused.'),
    },
    {
      issuers: list({ type: 'string' }, 'For whose tokens alone it is published.'),
      denial: { anyOf: [denialOfKey, configuredBy] },
    },
  ),
);

const inRegion = named(
  'schemas',
  'IssuerInRegion',
  object(
    { region: text('Its name.'), state: word([...freshnessStates, 'UNKNOWN'], 'State of the keys there.') },
    {
      isReachable: { type: 'boolean', const: false, description: 'This is the latest that is known.' },
      isRegistered: { type: 'boolean', const: false, description: 'That region does not have this issuer.' },
      isDiffering: { type: 'boolean', const: true, description: 'Replicas there do not agree with each other.' },
      asOf: instant('When that region was asked.'),
      digest: text('Which keys are accepted there.'),
      ageSeconds: quantity('Of the oldest keys there.'),
    },
  ),
);

/** Only the replica that answers knows how asking goes at it. */
const asked = object(
  {
    breaker: word(['closed', 'open'], '`open` while the issuer is not asked, because it fails.'),
    inFlight: count('Questions under way.'),
    since: instant('From when on is counted: the latest change of the configuration.'),
    asked: count('Questions that were sent.'),
    spared: count('Tokens that needed no question.'),
  },
  {
    retryInSeconds: quantity('Until the next question may try.'),
    lastSuccess: instant('Of an answer.'),
    lastError: object({ category: text('How it failed.'), at: instant('When.') }),
    hitRatio: quantity('The part of the tokens that needed no question, between 0 and 1.'),
  },
  'How asking the issuer about its tokens goes, at the replica that answers.',
);

const names: Members = { id: text('Id in the configuration.'), issuer: text('Its identifier, as `iss` has it.') };

const issuerMembers: Members = {
  preset: text('The preset that filled in a part of it.'),
  criticality: word(['normal', 'critical'], 'Whether readiness waits for its first keys.'),
  limits: object({ refreshSeconds: quantity('`refresh`'), hardTtlSeconds: quantity('`hardTtl`') }),
  state: word(
    freshnessStates,
    '`COLD` no keys yet, `FRESH`, `DUE`, `STALE` several fetches failed, `EXPIRED` nothing is accepted.',
  ),
  ...stateMembers,
  lastAttempt: instant('Of a fetch, whatever came of it.'),
  lastSuccess: instant('Of a fetch.'),
  waiting: count('Requests that wait for keys now.'),
  keys: list(key, 'Keys that are accepted, denied ones included.'),
  dropped: entries,
  doubted: entries,
  doubtfulClaims: list(
    object({ claim: text('As it is written.'), remedy: text('What to write.') }),
    'Names of claims that no token had.',
  ),
  opaque: asked,
  deniedKeys: list(
    { anyOf: [denialWithReach, configuredDenial] },
    'Every denial that is in force, also of keys that are not published.',
  ),
  replicas: list(atReplica, 'The same in short for every replica that is remembered, this one first.'),
  regions: list(inRegion, 'The same in other regions, by what they last reported.'),
};

/** An issuer in a list. */
export const issuerState = named(
  'schemas',
  'IssuerState',
  object(names, issuerMembers, 'The keys of an issuer. Between two configurations it may have no more than its names.'),
);

/** How far it reaches. */
export const fleetReach = named(
  'schemas',
  'FleetReach',
  object(
    {
      replica: text('Who answers.'),
      replicas: list({ type: 'string' }, 'All that are remembered.'),
      isComplete: flag('Whether all of them were seen in the last 15 seconds.'),
    },
    {
      lost: list(lastSeenReplica, 'Not seen for 15 seconds.'),
      behind: list(lastSeenReplica, 'They did not read what others decide for 7 seconds.'),
      unknown: list(lastSeenReplica, 'What they do now is not known.'),
      forgetAfterSeconds: quantity('When a lost one is forgotten.'),
      more: count('How many more there are than can be shown.'),
      detail: text('Why it is not complete.'),
    },
    'How far what is said and done here reaches.',
  ),
);

/** One issuer, with all that is known of it. */
export const issuerDetail = named(
  'schemas',
  'IssuerDetail',
  object(
    { ...names, fleet: fleetReach },
    {
      ...issuerMembers,
      registration: openObject({}, {}, 'As in the configuration, with every default; nothing secret.'),
    },
  ),
);
