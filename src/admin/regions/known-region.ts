/** What this replica knows of one other region, and since when it knows nothing newer. */
import { KeyFetchFailure, type FetchPlace, type KeyFetchCategory } from '../../keys/source/key-fetch-failure.js';
import type { Host } from '../../telemetry/host.js';
import type { RegionAnswer, RegionClient } from './region-client.js';
import { readRegionReport, type RegionReport } from './region-report.js';
import type { AdminRegionTerms } from './region-terms.js';

/**
 * `reachable`: the region has just reported. `unreachable`: nobody answers. `refused`: it does not take our token, or takes no more
 * requests now. `not_understood`: something answers, and not with a report that we can read; it may be an earlier version.
 */
export const regionStates = ['reachable', 'unreachable', 'refused', 'not_understood'] as const;

/** See {@link regionStates}. */
export type RegionState = (typeof regionStates)[number];

/** Why there is no report. */
export interface RegionFailure extends Partial<FetchPlace> {
  readonly state: Exclude<RegionState, 'reachable'>;
  readonly category: KeyFetchCategory;
}

/** The latest report of a region. */
export interface DatedReport {
  readonly report: RegionReport;
  /** When it was asked for, on the wall clock and on the monotonic one. */
  readonly atWallMs: number;
  readonly atMonoMs: number;
}

/** How long a region is not asked again, whatever came of the last question. */
const FRESH_MS = 2_000;

/** Failures that mean that no replica answers. A status of 500 or more comes from what stands before them, such as a load balancer. */
const silences: ReadonlySet<KeyFetchCategory> = new Set([
  'timeout',
  'status_5xx',
  'dns',
  'address_refused',
  'proxy',
  'connect',
  'tls',
  'internal',
]);

/** One other region: its latest report, and since when there is no newer one. */
export class KnownRegion {
  private latest: DatedReport | undefined;
  private failing: { readonly failure: RegionFailure; readonly sinceMs: number } | undefined;
  private asking: Promise<void> | undefined;
  private askedAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    /** Replaced where its credentials change. */
    public terms: AdminRegionTerms,
    private readonly client: RegionClient,
    private readonly host: Pick<Host, 'clock' | 'logger'>,
  ) {}

  /** Asks now, unless that is under way or was done a moment ago. Never rejects; ends within the bound of the client. */
  ask(): Promise<void> {
    if (this.asking) return this.asking;
    if (this.host.clock.monoMs() - this.askedAtMs < FRESH_MS) return Promise.resolve();
    this.asking = this.question().finally(() => {
      this.asking = undefined;
      this.askedAtMs = this.host.clock.monoMs();
    });
    return this.asking;
  }

  /** The latest report that there was, also while the region cannot be reached. */
  get report(): DatedReport | undefined {
    return this.latest;
  }

  /** Why the latest question brought no report; `undefined` where it did, or before the first question. */
  get failure(): RegionFailure | undefined {
    return this.failing?.failure;
  }

  /** Wall time since which no question has brought a report; `undefined` where the latest one has. */
  get notReachableSinceMs(): number | undefined {
    return this.failing?.sinceMs;
  }

  private async question(): Promise<void> {
    const { clock } = this.host;
    const [atWallMs, atMonoMs] = [clock.wallMs(), clock.monoMs()];
    try {
      const report = reportIn(await this.client.ask(this.terms, { method: 'GET', path: 'fleet?regions=own' }));
      this.latest = { report, atWallMs, atMonoMs };
      this.succeeded();
    } catch (error) {
      this.failedWith(failureOf(error), atWallMs);
    }
  }

  private succeeded(): void {
    if (this.failing) this.host.logger.info({ peer: this.terms.name }, 'another region reports again');
    this.failing = undefined;
  }

  private failedWith(failure: RegionFailure, atWallMs: number): void {
    const before = this.failing?.failure;
    const isNew = before?.state !== failure.state || before.category !== failure.category;
    if (isNew) this.host.logger.warn({ peer: this.terms.name, ...failure }, 'another region does not report');
    this.failing = { failure, sinceMs: this.failing?.sinceMs ?? atWallMs };
  }
}

/** @throws {KeyFetchFailure} */
function reportIn({ status, body }: RegionAnswer): RegionReport {
  if (status === 200) {
    const report = readRegionReport(body);
    if (report) return report;
    throw new KeyFetchFailure('json', 'no report of a region');
  }
  if (status === 429) throw new KeyFetchFailure('rate_limited', undefined, { status });
  throw new KeyFetchFailure(status >= 500 ? 'status_5xx' : status >= 400 ? 'status_4xx' : 'status_other', undefined, {
    status,
  });
}

/** What went wrong, in words from small sets: nothing of an answer is repeated. */
export function failureOf(error: unknown): RegionFailure {
  const { category, status, place } = KeyFetchFailure.of(error);
  const isRefused = status === 401 || status === 403 || status === 429;
  const state = isRefused ? 'refused' : silences.has(category) ? 'unreachable' : 'not_understood';
  return { state, category, ...place };
}
