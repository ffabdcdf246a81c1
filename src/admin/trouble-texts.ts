/** Says each kind of trouble to a person: what it means, and what to do first. */
import type { Trouble, TroubleKind } from './troubles.js';

/** What a trouble means, and what to do first, in a sentence each. */
interface TroubleTexts {
  /** Of the runbook, as a link names it. */
  readonly paragraph: string;
  readonly says: (trouble: Trouble) => string;
  readonly firstStep: string;
}

const texts: Readonly<Record<TroubleKind, TroubleTexts>> = {
  store_away: {
    paragraph: 'redis-is-lost',
    says: () => 'The shared store does not answer this replica: what the others do now is not known',
    firstStep:
      'Look at Redis and at the network to it. Until it is back, deny a key at every replica, or in the configuration.',
  },
  replica_lost: {
    paragraph: 'assayreplicaunseen',
    says: ({ replicas }) => `${list(replicas)} is silent: it may still answer, and accept what is denied`,
    firstStep: 'Look whether it runs and reaches Redis. If it is gone for good, drop it.',
  },
  replica_behind: {
    paragraph: 'assayrevocationsold',
    says: ({ replicas }) => `${list(replicas)} did not read lately what others have denied and revoked`,
    firstStep: 'Look whether it reads a Redis that is behind, or one that it cannot reach.',
  },
  denial_unconfirmed: {
    paragraph: 'assaydenialnoteverywhere',
    says: ({ replicas, issuer = '' }) => `${list(replicas)} ${has(replicas)} not confirmed a denied key of ${issuer}`,
    firstStep: 'Look whether it reads a Redis that is behind. If it does not confirm, restart it.',
  },
  keys_expired: {
    paragraph: 'assaykeysexpired',
    says: ({ replicas, issuer = '' }) =>
      `${issuer}: the keys have expired at ${list(replicas)}, its tokens are answered with 503`,
    firstStep: 'Look at the last error of the issuer, then at the issuer. Fetch again when it answers.',
  },
  keys_missing: {
    paragraph: 'assaykeyscold',
    says: ({ replicas, issuer = '' }) =>
      `${issuer}: ${list(replicas)} ${has(replicas)} no keys yet, its tokens are answered with 503`,
    firstStep: 'Look at the last error of the issuer: a wrong address, or a network that is closed.',
  },
  configuration_differs: {
    paragraph: 'a-change-does-not-take-effect',
    says: ({ replicas }) => `${list(replicas)} ${has(replicas)} another configuration than most`,
    firstStep: 'Compare the digests with that of the file. A replica that refused the file says why in its log.',
  },
  keys_differ: {
    paragraph: 'assaykeysetsdiffer',
    says: ({ replicas, issuer = '' }) => `${issuer}: ${list(replicas)} ${has(replicas)} other keys than most`,
    firstStep:
      'Wait ten seconds: after a rotation that is usual. If it lasts, look whether these replicas reach Redis.',
  },
  keys_stale: {
    paragraph: 'assaykeysetstale',
    says: ({ replicas, issuer = '' }) => `${issuer}: fetches fail at ${list(replicas)}, the keys are still accepted`,
    firstStep: 'Look at the last error of the issuer. The keys are accepted until hardTtl is over.',
  },
  version_differs: {
    paragraph: 'upgrade',
    says: ({ replicas }) => `${list(replicas)} ${replicas.length === 1 ? 'runs' : 'run'} another version than most`,
    firstStep: 'During a roll-out that is usual. If none is under way, finish it or take it back.',
  },
};

/** Says a trouble to a person. */
export function textsOf(trouble: Trouble): TroubleText {
  const { says, firstStep, paragraph } = texts[trouble.kind];
  return { says: says(trouble), firstStep, runbook: `docs/operations.md#${paragraph}` };
}

/** A trouble as a person reads it. */
export interface TroubleText {
  readonly says: string;
  readonly firstStep: string;
  /** The paragraph that says more, as the documents name it; the console has it as a page. */
  readonly runbook: string;
}

/** Most replicas that a sentence names. */
const MOST_NAMED = 2;

function list(replicas: readonly string[]): string {
  const named = replicas.slice(0, MOST_NAMED).join(', ');
  const more = replicas.length - MOST_NAMED;
  return more > 0 ? `${named} and ${more} more` : named;
}

function has(replicas: readonly string[]): string {
  return replicas.length === 1 ? 'has' : 'have';
}
