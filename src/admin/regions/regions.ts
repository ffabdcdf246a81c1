/** Asks the other regions regularly, so that operators see in one place whether all regions agree. */
import type { Timer } from '../../shared/clock.js';
import type { Host } from '../../telemetry/host.js';
import { KnownRegion, type RegionFailure, type RegionState } from './known-region.js';
import type { OwnRegion } from './own-region.js';
import type { RegionClient } from './region-client.js';
import { differenceKinds, differencesOf, type RegionDifferences } from './region-differences.js';
import type { RegionReport } from './region-report.js';
import type { AdminRegionTerms } from './region-terms.js';

/** How often a replica asks each other region, also while nobody reads the admin API: metrics need it, and what is known stays new. */
const ASK_EVERY_MS = 15_000;

/** Another region as it was last seen. */
export interface SeenRegion {
  readonly name: string;
  readonly state: RegionState;
  /** Why there is no new report. */
  readonly failure?: RegionFailure;
  /** Wall time since which there is none. */
  readonly notReachableSinceMs?: number;
  /** The latest report, also of a region that cannot be reached now. Absent: it has never reported to this replica. */
  readonly seen?: {
    readonly report: RegionReport;
    /** Wall time at which it was asked for. */
    readonly atMs: number;
    /** How long ago that was. */
    readonly ageMs: number;
    readonly differences: RegionDifferences;
  };
}

/** All regions, as one replica sees them. */
export interface RegionsView {
  readonly own: RegionReport;
  /** In the order of the configuration. */
  readonly others: readonly SeenRegion[];
}

/** What {@link Regions} works with. */
export interface RegionsParts {
  readonly own: OwnRegion;
  readonly client: RegionClient;
  readonly host: Pick<Host, 'clock' | 'logger' | 'metrics'>;
}

/**
 * The other regions of the installation, each with a Redis of its own. They are asked by this replica, in parallel and within a bound,
 * never on the way of a request for a verdict. No verdict follows from what they say.
 */
export class Regions {
  private known: readonly KnownRegion[] = [];
  private latest: RegionsView | undefined;
  private timer: Timer | undefined;
  private isRunning = false;

  constructor(private readonly parts: RegionsParts) {
    this.observe();
  }

  /** `redis.region` of this replica. */
  get ownName(): string {
    return this.parts.own.name;
  }

  /** Takes over the regions of a configuration. What was seen of one stays, as long as it is at the same place. */
  replace(all: readonly AdminRegionTerms[]): void {
    const { client, host, own } = this.parts;
    this.known = all
      .filter(({ name }) => name !== own.name)
      .map((terms) => {
        const before = this.known.find((each) => each.terms.name === terms.name && each.terms.url === terms.url);
        return before ? Object.assign(before, { terms }) : new KnownRegion(terms, client, host);
      });
    this.latest = undefined;
    if (this.isRunning) this.run();
  }

  /** The regions that the configuration names, without this one. */
  get others(): readonly AdminRegionTerms[] {
    return this.known.map(({ terms }) => terms);
  }

  start(): void {
    this.isRunning = true;
    this.run();
  }

  stop(): void {
    this.isRunning = false;
    this.timer?.cancel();
  }

  /** Asks every region, and says what each has answered, or since when it has not. Takes no longer than the bound of one question. */
  async view(): Promise<RegionsView> {
    const { known } = this;
    const [own] = await Promise.all([this.parts.own.report(), ...known.map((each) => each.ask())]);
    const view = this.viewOf(own, known);
    if (known === this.known) this.latest = view;
    return view;
  }

  /** This region alone. Nobody else is asked. */
  own(): Promise<RegionReport> {
    return this.parts.own.report();
  }

  /** What was seen at the latest question, without a new one; `undefined` before the first. */
  get lastSeen(): RegionsView | undefined {
    return this.latest && this.viewOf(this.latest.own, this.known);
  }

  private viewOf(own: RegionReport, known: readonly KnownRegion[]): RegionsView {
    const nowMs = this.parts.host.clock.monoMs();
    return { own, others: known.map((each) => seenRegion(each, own, nowMs)) };
  }

  private run(): void {
    this.timer?.cancel();
    if (this.known.length === 0) return;
    void this.view()
      // The report of this region is read from the store. While that does not answer, the next round tries again.
      .catch(() => undefined)
      .finally(() => {
        if (!this.isRunning) return;
        this.timer?.cancel();
        this.timer = this.parts.host.clock.after(ASK_EVERY_MS, () => {
          this.run();
        });
      });
  }

  /** Of a region that is not reachable the latest report still counts: a difference is not over because nobody answers. */
  private observe(): void {
    const names = ['assay_region_reachable', 'assay_region_report_age_seconds', 'assay_region_differences'] as const;
    this.parts.host.metrics.watch(names, (observe) => {
      for (const { name: peer, state, seen } of this.lastSeen?.others ?? []) {
        const labels = { region: this.ownName, peer };
        observe('assay_region_reachable', Number(state === 'reachable'), labels);
        if (!seen) continue;
        observe('assay_region_report_age_seconds', seen.ageMs / 1_000, labels);
        for (const what of differenceKinds) {
          observe('assay_region_differences', seen.differences.counts[what], { ...labels, what });
        }
      }
    });
  }
}

function seenRegion(
  { terms, report: dated, failure, notReachableSinceMs }: KnownRegion,
  own: RegionReport,
  nowMs: number,
): SeenRegion {
  return {
    name: terms.name,
    state: failure?.state ?? 'reachable',
    ...(failure && { failure }),
    ...(notReachableSinceMs !== undefined && { notReachableSinceMs }),
    ...(dated && {
      seen: {
        report: dated.report,
        atMs: dated.atWallMs,
        ageMs: nowMs - dated.atMonoMs,
        differences: differencesOf(own, dated.report),
      },
    }),
  };
}
