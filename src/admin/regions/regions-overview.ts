import type { Clock } from '../../shared/clock.js';
import { iso, seconds } from '../time-view.js';
import { differenceKinds, type RegionDifferences } from './region-differences.js';
import { findingsIn, isMisnamed, type RegionFinding } from './region-findings.js';
import { REGION_BOUND_MS } from './region-client.js';
import { type RegionReport, writeRegionReport } from './region-report.js';
import { regionRunbookOf } from './region-runbook.js';
import type { Regions, RegionsView, SeenRegion } from './regions.js';

type Json = Readonly<Record<string, unknown>>;

/** Most findings in one answer, and most names in each list of what differs. */
const MOST_SHOWN = 100;

const noneNamed = 'admin.regions names no other region: whether there is one is not known here';
const onlyNamed = 'this is about the regions that admin.regions names: another one would not be known here';
const notAll =
  'what is not reported is not known: of a region that does not report, the latest report is shown with its age';

/** All regions of the installation in one answer, each with its state, and the age of what is known of it. */
export class RegionsOverview {
  constructor(
    private readonly regions: Pick<Regions, 'view' | 'own' | 'lastSeen'>,
    private readonly clock: Pick<Clock, 'wallMs'>,
  ) {}

  /** Asks all regions. Waits for none of them longer than `boundSeconds`. */
  async show(): Promise<Json> {
    const view = await this.regions.view();
    const { own, others } = view;
    const findings = findingsIn(view);
    const isComplete = own.isComplete && others.every((each) => isWholeOf(each, own));
    return {
      at: iso(this.clock.wallMs()),
      replica: own.replica,
      region: own.region,
      isComplete,
      detail: isComplete ? (others.length === 0 ? noneNamed : onlyNamed) : notAll,
      ...sentenceOf(view, findings),
      boundSeconds: seconds(REGION_BOUND_MS),
      regions: [
        { name: own.region, isOwn: true, state: 'reachable', ageSeconds: 0, ...reportView(own) },
        ...others.map(regionView),
      ],
      findings: findings.slice(0, MOST_SHOWN).map(findingView),
      findingCount: findings.length,
    };
  }

  /** This region alone, as other regions ask for it. It asks nobody, so that two regions can ask each other. */
  async showOwn(): Promise<Json> {
    return writeRegionReport(await this.regions.own());
  }

  /**
   * The keys of issuers in the other regions, by what those last reported; nobody is asked. To be called once for an answer: it compares
   * whole reports, which hold a thousand issuers each.
   */
  issuers(): (id: string) => readonly Json[] {
    const others = this.regions.lastSeen?.others ?? [];
    return (id) => others.map((region) => issuerView(id, region));
  }
}

/** Whether a region has just said what each of its replicas does, and is the one that it is named as. */
function isWholeOf({ name, state, seen }: SeenRegion, own: RegionReport): boolean {
  if (state !== 'reachable' || !seen) return false;
  return seen.report.isComplete && !isMisnamed(name, seen.report, own);
}

/** The first thing to read: what is wrong here, else in which region, else that all agree. */
function sentenceOf({ own, others }: RegionsView, [worst, ...further]: readonly RegionFinding[]): Json {
  if (!own.isHealthy) {
    const { sentence, firstStep } = own;
    const count = further.length + (worst ? 1 : 0);
    return { isHealthy: false, sentence, firstStep, ...(count > 0 && { further: count }) };
  }
  if (worst) {
    const { kind, says, firstStep, sinceMs } = worst;
    const since = sinceMs === undefined ? {} : { since: iso(sinceMs) };
    const rest = further.length > 0 ? { further: further.length } : {};
    return { isHealthy: false, sentence: says, ...since, firstStep, runbook: regionRunbookOf(kind), ...rest };
  }
  if (others.length === 0) return { isHealthy: true, sentence: own.sentence };
  const replicas = others.reduce((sum, { seen }) => sum + (seen?.report.replicas ?? 0), own.replicas);
  return { isHealthy: true, sentence: `All ${replicas} replicas in ${others.length + 1} regions agree` };
}

function regionView({ name, state, failure, notReachableSinceMs, seen }: SeenRegion): Json {
  return {
    name,
    state,
    ...(failure && { category: failure.category }),
    ...(failure?.host !== undefined && { host: failure.host, stage: failure.stage }),
    ...(notReachableSinceMs !== undefined && { notReachableSince: iso(notReachableSinceMs) }),
    ...(seen && {
      asOf: iso(seen.atMs),
      ageSeconds: seconds(seen.ageMs),
      ...reportView(seen.report),
      differences: differencesView(seen.differences),
    }),
  };
}

/** A report without its lists, which another region and the grid of issuers need. */
function reportView({ issuers, moreIssuers, deniedKeys, region, replicas, live, ...about }: RegionReport): Json {
  const states: Record<string, number> = {};
  for (const { state } of issuers.values()) states[state] = (states[state] ?? 0) + 1;
  return {
    ...about,
    answersAs: region,
    replicas: { remembered: replicas, live },
    issuers: { total: issuers.size + moreIssuers, states },
    deniedKeys: { count: deniedKeys.count, digest: deniedKeys.digest },
  };
}

function differencesView({ counts, ...named }: RegionDifferences): Json {
  const lists = Object.entries(named).map(([kind, list]) => [kind, list.slice(0, MOST_SHOWN)] as const);
  return {
    counts: Object.fromEntries(differenceKinds.map((kind) => [kind, counts[kind]])),
    ...Object.fromEntries(lists.filter(([, list]) => list.length > 0)),
  };
}

function findingView({ sinceMs, ...finding }: RegionFinding): Json {
  return { ...finding, runbook: regionRunbookOf(finding.kind), ...(sinceMs !== undefined && { since: iso(sinceMs) }) };
}

/** How old keys are in a region that cannot be reached is not known: they may have been fetched since. */
function issuerView(id: string, { name, state: presence, seen }: SeenRegion): Json {
  const isReachable = presence === 'reachable';
  const about = { region: name, ...(!isReachable && { isReachable }), ...(seen && { asOf: iso(seen.atMs) }) };
  const found = seen?.report.issuers.get(id);
  if (!found) {
    const isAbsent = seen?.report.moreIssuers === 0;
    return { ...about, state: 'UNKNOWN', ...(isAbsent && { isRegistered: false }) };
  }
  const { state, digest, isDiffering, ageSeconds } = found;
  const sinceMs = seen?.ageMs ?? 0;
  return {
    ...about,
    state,
    digest,
    ...(isDiffering && { isDiffering }),
    ...(isReachable && ageSeconds !== undefined && { ageSeconds: seconds(ageSeconds * 1_000 + sinceMs) }),
  };
}
