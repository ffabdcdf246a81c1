import type { Host } from '../telemetry/host.js';
import { textsOf } from './finding-texts.js';
import { findingsIn } from './find-findings.js';
import { type Finding, type FindingKind, findingKinds, type HygieneFacts, type IssuerFacts } from './findings.js';
import { hygieneFacts, type HygieneFactsParts } from './hygiene-facts.js';
import type { HygieneSection } from './hygiene.section.js';
import { leastStrength } from './issuer-findings.js';
import { partName } from './use-parts.js';

type Json = Readonly<Record<string, unknown>>;

/** Most findings, and most that are not decided yet, in one answer. */
const MOST_SHOWN = 500;

/** Most other callers that one finding names. */
const MOST_OTHERS = 20;

/** What {@link HygieneReport} looks at. */
export interface HygieneReportParts extends HygieneFactsParts {
  readonly terms: () => HygieneSection;
  readonly host: Pick<Host, 'clock' | 'replica'>;
}

/** Which findings are asked for; absent: all. */
export interface FindingFilter {
  readonly kind?: FindingKind | undefined;
  readonly issuer?: string | undefined;
  readonly caller?: string | undefined;
}

/** What is measured. */
export interface HygieneFigures {
  readonly counts: ReadonlyMap<FindingKind, number>;
  /** Wall time, milliseconds since the epoch; absent where nothing is watched. */
  readonly sinceMs?: number;
}

/** How long the figures for metrics are kept, in milliseconds: several scrapers should not cost several times as much. */
const FIGURES_KEPT_MS = 30_000;

/** What auditors of machine identities ask, answered from what is watched. Nothing in it is of a subject or of a token. */
export class HygieneReport {
  private latest: { readonly atMs: number; readonly figures: HygieneFigures } | undefined;

  constructor(private readonly parts: HygieneReportParts) {}

  show({ kind, issuer, caller }: FindingFilter = {}): Json {
    const { watch, host } = this.parts;
    const facts = this.facts();
    const { terms, nowMs } = facts;
    const all = findingsIn(facts).filter(
      (each) =>
        (kind === undefined || each.kind === kind) &&
        (issuer === undefined || each.issuer === issuer) &&
        (caller === undefined || each.caller === caller),
    );
    const findings = all.filter(({ isDecided }) => isDecided);
    const undecided = all.filter(({ isDecided }) => !isDecided);
    const view = (each: Finding): Json => findingView(each, terms, nowMs);
    const sinceMs = watchedSince(facts);
    return {
      at: iso(nowMs),
      replica: host.replica,
      watch: {
        ...(sinceMs !== undefined && { since: iso(sinceMs) }),
        issuers: facts.issuers.length,
        callers: facts.callers.length,
        admins: facts.admins.length,
        ...(watch.notWatched > 0 && { notWatched: watch.notWatched }),
        ...(watch.isShared === undefined ? {} : { isShared: watch.isShared }),
      },
      limits: limitsView(facts),
      findings: findings.slice(0, MOST_SHOWN).map(view),
      findingCount: findings.length,
      undecided: undecided.slice(0, MOST_SHOWN).map(view),
      undecidedCount: undecided.length,
      seen: facts.issuers
        .filter(({ id }) => issuer === undefined || id === issuer)
        .slice(0, MOST_SHOWN)
        .map(seenView),
    };
  }

  /** How many findings there are of each kind, and since when it is watched. Computed at most twice a minute. */
  figures(): HygieneFigures {
    const nowMs = this.parts.host.clock.monoMs();
    if (!this.latest || nowMs - this.latest.atMs >= FIGURES_KEPT_MS) {
      this.latest = { atMs: nowMs, figures: figuresOf(this.facts()) };
    }
    return this.latest.figures;
  }

  private facts(): HygieneFacts {
    return hygieneFacts(this.parts, this.parts.terms(), this.parts.host.clock.wallMs());
  }
}

function figuresOf(facts: HygieneFacts): HygieneFigures {
  const counts = new Map<FindingKind, number>(findingKinds.map((kind) => [kind, 0]));
  for (const { kind, isDecided } of findingsIn(facts)) {
    if (isDecided) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const sinceMs = watchedSince(facts);
  return { counts, ...(sinceMs !== undefined && { sinceMs }) };
}

function watchedSince({ issuers, callers, admins }: HygieneFacts): number | undefined {
  const since = [...issuers, ...callers, ...admins].map(({ record }) => record.sinceMs);
  return since.length > 0 ? Math.min(...since) : undefined;
}

function limitsView(facts: HygieneFacts): Json {
  const { rotateWithin, unusedAfter, warnBefore, longestLifetime, mostKeys } = facts.terms;
  return {
    rotateWithinSeconds: rotateWithin / 1_000,
    unusedAfterSeconds: unusedAfter / 1_000,
    warnBeforeSeconds: warnBefore / 1_000,
    longestLifetimeSeconds: longestLifetime / 1_000,
    keyStrengthBits: leastStrength(facts),
    mostKeys,
  };
}

/** What an issuer really does, beside what its registration allows. */
function seenView({ id, record, algorithms, maxLifetimeSeconds }: IssuerFacts): Json {
  return {
    issuer: id,
    algorithms: algorithms.map((algorithm) => {
      const lastMs = record.parts.get(partName('algorithm', algorithm))?.lastMs;
      return { algorithm, ...(lastMs !== undefined && { lastUse: iso(lastMs) }) };
    }),
    ...(record.longest && { longestLifetimeSeconds: record.longest.seconds }),
    maxLifetimeSeconds,
  };
}

function findingView(finding: Finding, terms: HygieneSection, nowMs: number): Json {
  const { watched, endsMs, hasOther, strength, others, decidedMs, ...plain } = finding;
  return {
    ...plain,
    // It is said by the list in which it stands.
    isDecided: undefined,
    ...textsOf(finding, terms, nowMs),
    ...(watched && { watchedSince: iso(watched.sinceMs) }),
    ...(watched?.lastMs !== undefined && { lastUse: iso(watched.lastMs) }),
    ...(endsMs !== undefined && { ends: iso(endsMs), hasOther }),
    ...(strength && { keyType: strength.name, strengthBits: strength.bits }),
    ...(others && { others: others.slice(0, MOST_OTHERS) }),
    ...(decidedMs !== undefined && { decided: iso(decidedMs) }),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
