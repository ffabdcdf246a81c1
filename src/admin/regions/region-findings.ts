import type { DifferenceKind } from './region-differences.js';
import type { RegionReport } from './region-report.js';
import type { RegionsView, SeenRegion } from './regions.js';

/** What can be found about another region, the worst first. A fixed set. */
export const regionFindingKinds = [
  'region_unreachable',
  'region_refuses',
  'region_not_understood',
  'region_misnamed',
  'denied_keys_differ',
  'region_unwell',
  'region_incomplete',
  'issuers_differ',
  'registrations_differ',
  'keys_differ',
] as const;

/** See {@link regionFindingKinds}. */
export type RegionFindingKind = (typeof regionFindingKinds)[number];

/** Something about another region that an operator should look at. */
export interface RegionFinding {
  readonly kind: RegionFindingKind;
  readonly region: string;
  readonly says: string;
  readonly firstStep: string;
  /** Wall time, milliseconds since the epoch; absent where it is not known since when. */
  readonly sinceMs?: number;
  /** What it is about: denied keys as the issuer's id, a space, and the thumbprint, or ids of issuers; the first ones. */
  readonly about?: readonly string[];
}

/** Most things that one finding names. */
const MOST_ABOUT = 20;

/** Everything in which regions differ, and every one that cannot be asked; the worst first. */
export function findingsIn({ own, others }: RegionsView): readonly RegionFinding[] {
  const found = others.flatMap((each) => [...ofPresence(each), ...ofReport(each, own), ...ofDifferences(each)]);
  return found.sort((one, other) => rankOf(one) - rankOf(other));
}

/** Whether what answered for a region is another one: it calls itself otherwise, or is the replica that asks. */
export function isMisnamed(name: string, report: RegionReport, own: RegionReport): boolean {
  return (report.region !== '' && report.region !== name) || report.replica === own.replica;
}

function rankOf({ kind }: RegionFinding): number {
  return regionFindingKinds.indexOf(kind);
}

const presence = {
  unreachable: {
    kind: 'region_unreachable',
    says: 'is not reachable: what it accepts now is not known',
    firstStep:
      'Look whether it answers, and at the network between the regions. What is denied here has to be denied there, too.',
  },
  refused: {
    kind: 'region_refuses',
    says: 'does not take our admin token: what it accepts now is not known',
    firstStep: 'Compare the tokenFile of the region here with admin.tokens there.',
  },
  not_understood: {
    kind: 'region_not_understood',
    says: 'gives an answer that is not the report of a region: what it accepts now is not known',
    firstStep: 'Look whether its url leads to a management listener, and whether an earlier version runs there.',
  },
} as const;

function ofPresence({ name, state, notReachableSinceMs }: SeenRegion): readonly RegionFinding[] {
  if (state === 'reachable') return [];
  const { kind, says, firstStep } = presence[state];
  const since = notReachableSinceMs === undefined ? {} : { sinceMs: notReachableSinceMs };
  return [{ kind, region: name, says: `The region ${name} ${says}`, firstStep, ...since }];
}

/** What a region said about itself before it was lost is too old to be a finding; in what it differs still is one. */
function ofReport({ name, state, seen }: SeenRegion, own: RegionReport): readonly RegionFinding[] {
  if (state !== 'reachable' || !seen) return [];
  const { region, isHealthy, isComplete, sentence, firstStep = 'Look at the console of that region.' } = seen.report;
  const found: RegionFinding[] = [];
  if (isMisnamed(name, seen.report, own)) {
    found.push({
      kind: 'region_misnamed',
      region: name,
      says:
        region === own.region
          ? `What answers for the region ${name} is this region itself`
          : `What answers for the region ${name} calls itself ${region}`,
      firstStep: 'Look where its url leads. The name of a region is what redis.region says there.',
    });
  }
  if (!isHealthy) {
    found.push({
      kind: 'region_unwell',
      region: name,
      says: `The region ${name} says: ${sentence}`,
      firstStep,
    });
  }
  if (!isComplete) {
    found.push({
      kind: 'region_incomplete',
      region: name,
      says: `The region ${name} does not know what all of its replicas do`,
      firstStep: 'Look at the replicas in the console of that region.',
    });
  }
  return found;
}

const differences: Readonly<
  Record<DifferenceKind, { readonly kind: RegionFindingKind; readonly says: string; readonly firstStep: string }>
> = {
  denied_keys: {
    kind: 'denied_keys_differ',
    says: 'does not deny the same keys as this one',
    firstStep:
      'Deny in both regions what must be refused. A denial that was just made is known there within 7 seconds.',
  },
  issuers: {
    kind: 'issuers_differ',
    says: 'does not have the same issuers as this one',
    firstStep: 'Compare the two configurations. While a change is rolled out region by region that is usual.',
  },
  registrations: {
    kind: 'registrations_differ',
    says: 'has registered issuers in another way than this one',
    firstStep:
      'Compare registration in GET /admin/v1/issuers/{id} of both. While a change is rolled out that is usual.',
  },
  keys: {
    kind: 'keys_differ',
    says: 'accepts other keys of issuers than this one',
    firstStep:
      'Wait one refresh: each region fetches by itself, and after a rotation that is usual. If it lasts, fetch now in both.',
  },
};

function ofDifferences({ name, seen }: SeenRegion): readonly RegionFinding[] {
  if (!seen) return [];
  const { counts, notDeniedHere, notDeniedThere, ...others } = seen.differences;
  const about = { ...others, denied_keys: [...notDeniedThere, ...notDeniedHere] };
  return Object.entries(differences).flatMap(([what, { kind, says, firstStep }]) => {
    const key = what as DifferenceKind;
    if (counts[key] === 0) return [];
    return [
      { kind, region: name, says: `The region ${name} ${says}`, firstStep, about: about[key].slice(0, MOST_ABOUT) },
    ];
  });
}
