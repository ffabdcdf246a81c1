import type { CallerDirectory } from '../callers/registration/caller-directory.js';
import type { IssuerRegistry } from '../issuers/issuer-registry.js';
import type { KeyManager } from '../keys/key-manager.js';
import type { Host } from '../telemetry/host.js';
import { textsOf } from './finding-texts.js';
import { type Finding, type FindingKind, findingKinds, findingsIn, type HygieneFacts } from './findings.js';
import type { HygieneSection } from './hygiene.section.js';
import type { UseWatch } from './use-watch.js';
import { keysOf } from './watchable-configuration.js';

type Json = Readonly<Record<string, unknown>>;

/** Most findings, and most that are not decided yet, in one answer. */
const MOST_SHOWN = 500;

/** What {@link HygieneReport} looks at. */
export interface HygieneReportParts {
  readonly watch: UseWatch;
  readonly issuers: IssuerRegistry;
  readonly keys: KeyManager;
  readonly callers: CallerDirectory;
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
        ...(watch.notWatched > 0 && { notWatched: watch.notWatched }),
        ...(watch.isShared === undefined ? {} : { isShared: watch.isShared }),
      },
      limits: Object.fromEntries(Object.entries(terms).map(([name, ms]) => [`${name}Seconds`, Number(ms) / 1_000])),
      findings: findings.slice(0, MOST_SHOWN).map(view),
      findingCount: findings.length,
      undecided: undecided.slice(0, MOST_SHOWN).map(view),
      undecidedCount: undecided.length,
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
    const { watch, callers, terms, host } = this.parts;
    const subjects = watch.subjects();
    const of = (wanted: 'issuer' | 'caller') => subjects.filter(({ kind }) => kind === wanted);
    const vouching = new Set([...callers.all].map(({ methods }) => methods.bearer?.issuer));
    return {
      terms: terms(),
      nowMs: host.clock.wallMs(),
      issuers: of('issuer').map((subject) => {
        const published = (keysOf(this.parts, subject.id) ?? []).filter(({ state }) => state === 'active');
        return {
          id: subject.id,
          record: watch.recordOf(subject),
          published: published.map(({ thumbprint }) => thumbprint),
          vouchesForCallers: vouching.has(subject.id),
        };
      }),
      callers: of('caller').map((subject) => ({
        id: subject.id,
        record: watch.recordOf(subject),
        secretEnds: callers.byId(subject.id)?.methods.secret?.ends ?? [],
      })),
    };
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

function watchedSince({ issuers, callers }: HygieneFacts): number | undefined {
  const since = [...issuers, ...callers].map(({ record }) => record.sinceMs);
  return since.length > 0 ? Math.min(...since) : undefined;
}

function findingView(finding: Finding, terms: HygieneSection, nowMs: number): Json {
  const { kind, issuer, caller, thumbprint, watched, endsMs, hasOther, lifetimeSeconds } = finding;
  return {
    kind,
    ...textsOf(finding, terms, nowMs),
    issuer,
    caller,
    thumbprint,
    ...(watched && { watchedSince: iso(watched.sinceMs) }),
    ...(watched?.lastMs !== undefined && { lastUse: iso(watched.lastMs) }),
    ...(endsMs !== undefined && { ends: iso(endsMs), hasOther }),
    lifetimeSeconds,
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
