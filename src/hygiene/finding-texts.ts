/** Says each kind of finding to a person: what it means, and what to do first. */
import { day, formatDuration, hour } from '../shared/configuration/quantities.js';
import type { Finding, FindingKind } from './findings.js';
import type { HygieneSection } from './hygiene.section.js';
import { leastStrength } from './issuer-findings.js';

/** What a finding means, and what to do first, in a sentence each. */
interface FindingTexts {
  readonly says: (finding: Finding, terms: HygieneSection, nowMs: number) => string;
  /** The setting that says how long it must be watched before it is known; absent for what is known at once. */
  readonly needs?: 'rotateWithin' | 'unusedAfter';
  readonly firstStep: string;
}

const texts: Readonly<Record<FindingKind, FindingTexts>> = {
  secret_ending: {
    says: ({ caller = '', endsMs = 0, hasOther = false }, _terms, nowMs) => {
      const rest = hasOther ? 'another one stays' : 'no other one stays';
      return `A secret of ${caller} ${endsMs > nowMs ? 'ends' : 'ended'} on ${dateOf(endsMs)}; ${rest}`;
    },
    firstStep: 'Register a new secret beside it, let the caller change over, then remove the old one from the file.',
  },
  secret_shared: {
    says: ({ caller = '', others = [] }) => `A secret of ${caller} is one of ${someOf(others)} as well`,
    firstStep: 'Give each of them a secret of its own: whoever has this one can ask in the name of all of them.',
  },
  rotation_overdue: {
    says: ({ issuer = '' }) => `${issuer} has published no new key`,
    needs: 'rotateWithin',
    firstStep: 'Ask those who run the issuer how its keys are rotated, and have it done.',
  },
  key_strength_low: {
    says: ({ issuer = '', strength }, terms, nowMs) =>
      `${issuer} publishes a key (${strength?.name ?? ''}) of ${strength?.bits ?? 0} bits of security by NIST SP 800-57 part 1, ` +
      `table 2; ${leastStrength({ terms, nowMs })} are asked for`,
    firstStep: 'Have the issuer change over to a longer key, or another kind of key, and withdraw this one.',
  },
  long_lived_tokens: {
    says: ({ issuer = '', lifetimeSeconds = 0 }, { longestLifetime }) =>
      `${issuer} signs tokens that live ${spanOf(lifetimeSeconds * 1_000)}; ${spanOf(longestLifetime)} is the most that is asked for`,
    firstStep: 'Have the issuer sign shorter ones, and lower maxLifetime: a stolen token is good until it ends.',
  },
  foreign_audience: {
    says: ({ caller = '', watched }) =>
      `${caller} asked about good tokens for audiences that it was not granted, last on ${dateOf(watched?.lastMs ?? 0)}`,
    firstStep: 'Ask its owner who sends it such tokens: a client is set up wrongly, or somebody tries stolen tokens.',
  },
  decision_endless: {
    says: ({ issuer = '', decidedMs }) => {
      const when = decidedMs === undefined ? 'by the configuration' : `since ${dateOf(decidedMs)}`;
      return `A key of ${issuer} is denied ${when}, without an end`;
    },
    firstStep:
      'Leave it while the issuer may publish the key. Take it back when the key is gone for good, or give it an end.',
  },
  key_unused: {
    says: ({ issuer = '' }) => `${issuer} publishes a key that has signed no token`,
    needs: 'unusedAfter',
    firstStep: 'Ask the issuer what it is for, and to withdraw it. Deny it where nobody can say.',
  },
  key_set_broad: {
    says: ({ issuer = '', keyCount = 0 }, { mostKeys }) =>
      `${issuer} publishes ${keyCount} keys at once; ${mostKeys} is the most that is asked for`,
    firstStep: 'Ask the issuer which of them sign your tokens, and for a set of those alone: each key is a way in.',
  },
  algorithm_unused: {
    says: ({ issuer = '', algorithm = '' }) =>
      `${issuer} may sign with ${algorithm}, and has signed no good token with it`,
    needs: 'unusedAfter',
    firstStep: 'Take the algorithm out of its algorithms, unless it is about to change over to it.',
  },
  lifetime_loose: {
    says: ({ issuer = '', lifetimeSeconds = 0, allowedSeconds = 0 }) =>
      `${issuer} may sign tokens that live ${formatDuration(allowedSeconds * 1_000)}, and in 30 days signed none that lives longer than ` +
      formatDuration(lifetimeSeconds * 1_000),
    firstStep: 'Lower its maxLifetime to what its tokens need: it bounds what a stolen signing key is worth.',
  },
  issuer_unused: {
    says: ({ issuer = '' }) => `${issuer} has signed no good token`,
    needs: 'unusedAfter',
    firstStep: 'Ask whether it is still needed. Remove it where it is not: what it signs is accepted until then.',
  },
  caller_unused: {
    says: ({ caller = '' }) => `${caller} has not asked`,
    needs: 'unusedAfter',
    firstStep: 'Ask its owner whether it still runs. Remove it where it does not: its credentials are good until then.',
  },
  admin_unused: {
    says: ({ admin = '' }) => `The admin token ${admin} was not used`,
    needs: 'unusedAfter',
    firstStep:
      'Ask its holder. Remove it where nobody needs it, unless it is kept for an emergency: then keep it locked away.',
  },
  right_unused: {
    says: ({ caller = '', issuer = '' }) => `${caller} was granted ${issuer}, and was shown no token of it`,
    needs: 'unusedAfter',
    firstStep: 'Take the issuer out of its issuers, unless somebody can say what it is for.',
  },
  audience_unused: {
    says: ({ caller = '', audience = '' }) =>
      `${caller} was granted the audience ${audience}, and was shown no token for it`,
    needs: 'unusedAfter',
    firstStep: 'Take the audience out of its audiences, unless somebody can say what it is for.',
  },
  claim_unused: {
    says: ({ caller = '', claim = '' }) =>
      `${caller} was granted the claim ${claim}, and was shown no token that has it`,
    needs: 'unusedAfter',
    firstStep: 'Take the claim out of its claims, unless somebody can say what it is for.',
  },
};

/** Says a finding to a person. */
export function textsOf(
  finding: Finding,
  terms: HygieneSection,
  nowMs: number,
): { readonly says: string; readonly firstStep: string } {
  const { says, needs, firstStep } = texts[finding.kind];
  const words = says(finding, terms, nowMs);
  return { says: needs ? `${words}${howLong(finding, terms[needs], nowMs)}` : words, firstStep };
}

/** Since when it is so, or for how long it was watched: before the watch it may have been otherwise. */
function howLong({ isDecided, watched }: Finding, neededMs: number, nowMs: number): string {
  if (!watched) return '';
  const { sinceMs, lastMs } = watched;
  if (lastMs !== undefined) return ` since ${dateOf(lastMs)}`;
  const watchedFor = spanOf(nowMs - sinceMs);
  return isDecided ? ` for ${watchedFor}` : ` yet: watched for ${watchedFor} only, of ${spanOf(neededMs)}`;
}

/** A time as people count it, rounded down. */
function spanOf(ms: number): string {
  const [count, unit] = ms >= day ? [Math.floor(ms / day), 'day'] : [Math.floor(ms / hour), 'hour'];
  return count < 1 ? 'less than an hour' : `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** Three of them by name, and how many there are beyond. */
function someOf(names: readonly string[]): string {
  const [some, further] = [names.slice(0, 3).join(', '), names.length - 3];
  return further > 0 ? `${some} and ${further} more` : some;
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
