/** Says each kind of finding to a person: what it means, and what to do first. */
import { day, hour } from '../shared/configuration/quantities.js';
import type { Finding, FindingKind } from './findings.js';
import type { HygieneSection } from './hygiene.section.js';

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
  rotation_overdue: {
    says: ({ issuer = '' }) => `${issuer} has published no new key`,
    needs: 'rotateWithin',
    firstStep: 'Ask those who run the issuer how its keys are rotated, and have it done.',
  },
  long_lived_tokens: {
    says: ({ issuer = '', lifetimeSeconds = 0 }, { longestLifetime }) =>
      `${issuer} signs tokens that live ${spanOf(lifetimeSeconds * 1_000)}; ${spanOf(longestLifetime)} is the most that is asked for`,
    firstStep: 'Have the issuer sign shorter ones, and lower maxLifetime: a stolen token is good until it ends.',
  },
  key_unused: {
    says: ({ issuer = '' }) => `${issuer} publishes a key that has signed no token`,
    needs: 'unusedAfter',
    firstStep: 'Ask the issuer what it is for, and to withdraw it. Deny it where nobody can say.',
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
  right_unused: {
    says: ({ caller = '', issuer = '' }) => `${caller} was granted ${issuer}, and was shown no token of it`,
    needs: 'unusedAfter',
    firstStep: 'Take the issuer out of its issuers, unless somebody can say what it is for.',
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

function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
