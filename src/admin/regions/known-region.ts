/** What this replica knows of one other region, and since when it knows nothing newer. */
import { KeyFetchFailure, type FetchPlace, type KeyFetchCategory } from '../../keys/source/key-fetch-failure.js';
import type { Host } from '../../telemetry/host.js';
import type { RegionAnswer, RegionClient } from './region-client.js';
import { readRegionReport, type RegionReport } from './region-report.js';
import type { AdminRegionTerms } from './region-terms.js';

/**
 * How a region stands: it has just reported; nobody answers there; it does not take our token; or what answers there is no
 * region as we know it, such as an earlier version.
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

/** Where nobody answered, or something else did, for a moment at most: a new answer is as good as the one before. */
const FRESH_MS = 2_000;

/** Failures that say that no replica answers: a status of 500 and more is that of what stands before them. By all others somebody does. */
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
  private failed: RegionFailure | undefined;
  private failingSinceMs: number | undefined;
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

  /** Why the latest question has brought no report; `undefined`: it has, or none was asked. */
  get failure(): RegionFailure | undefined {
    return this.failed;
  }

  /** Wall time since which no question has brought a report; `undefined` where the latest one has. */
  get notReachableSinceMs(): number | undefined {
    return this.failingSinceMs;
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
    if (this.failed) this.host.logger.info({ peer: this.terms.name }, 'another region reports again');
    this.failed = undefined;
    this.failingSinceMs = undefined;
  }

  private failedWith(failure: RegionFailure, atWallMs: number): void {
    const isNew = this.failed?.state !== failure.state || this.failed.category !== failure.category;
    if (isNew) this.host.logger.warn({ peer: this.terms.name, ...failure }, 'another region does not report');
    this.failed = failure;
    this.failingSinceMs ??= atWallMs;
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
