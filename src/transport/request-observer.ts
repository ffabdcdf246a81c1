import type { Clock } from '../shared/clock.js';
import type { Metrics } from '../telemetry/metrics/metrics.js';
import type { TraceCarrier, Tracing } from '../telemetry/tracing/tracing.js';
import { endpoints, EndpointSeries, RequestReport, type Endpoint, type ReportTools } from './request-report.js';
import type { ServerConvention } from './server-convention.js';
import type { TrustedProxies } from './trusted-proxies.js';

/** What a {@link RequestObserver} works with. */
export interface RequestObserverParts {
  readonly clock: Clock;
  readonly telemetry: { readonly metrics: Metrics; readonly tracing: Tracing };
  /** Peers that decide whether we trace (RW3C-03). */
  readonly trusted: TrustedProxies;
}

/** Opens a report for every request, at every endpoint. */
export class RequestObserver {
  private readonly tools: ReportTools;
  /** Ids of callers that have asked. Only those that have authenticated get here, so there are no more than are configured. */
  private readonly callers = new Set<string>();
  private readonly limited = new Map<string, number>();
  private readonly series: ReadonlyMap<Endpoint, EndpointSeries>;

  constructor(private readonly parts: RequestObserverParts) {
    const { clock, telemetry } = parts;
    this.tools = { clock, metrics: telemetry.metrics, callers: this.callers, limited: this.limited };
    this.series = new Map(endpoints.map((endpoint) => [endpoint, new EndpointSeries(endpoint, telemetry.metrics)]));
  }

  /**
   * @param carrier header fields or metadata, lower-case names
   * @param peer address of the other end of the connection
   */
  begin(
    endpoint: Endpoint,
    carrier: TraceCarrier,
    peer: string,
    convention: ServerConvention,
    requestId: string,
  ): RequestReport {
    const { telemetry, trusted } = this.parts;
    const isTrusted = carrier['traceparent'] !== undefined && trusted.trusts(peer);
    const span = telemetry.tracing.begin(convention.spanName, carrier, isTrusted);
    span?.set(convention.attributes);
    return new RequestReport(this.seriesOf(endpoint), this.tools, convention, requestId, span);
  }

  /** Where the conventions of OpenTelemetry count as well. */
  get metrics(): Metrics {
    return this.tools.metrics;
  }

  /** Ids of the callers that have asked since the last time, at whatever endpoint. */
  takeCallers(): readonly string[] {
    const taken = [...this.callers];
    this.callers.clear();
    return taken;
  }

  /** How many requests of each caller were too many since the last time. */
  takeLimited(): ReadonlyMap<string, number> {
    const taken = new Map(this.limited);
    this.limited.clear();
    return taken;
  }

  private seriesOf(endpoint: Endpoint): EndpointSeries {
    const series = this.series.get(endpoint);
    if (!series) throw new TypeError('an endpoint that is not listed');
    return series;
  }
}
