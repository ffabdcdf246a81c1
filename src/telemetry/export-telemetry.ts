/** Sends traces and metrics to a collector, where the configuration asks for it. */
import { diag, DiagLogLevel, type DiagLogger } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { AggregationTemporality, InstrumentType, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import type { IMetricReader, MetricProducer } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { ExportResults, type ExportedSignal } from './export-results.js';
import type { Host } from './host.js';
import { conventionalMetrics } from './metrics/conventional-metrics.js';
import type { MetricsExportSection, TracingSection } from './telemetry.section.js';
import { version } from '../shared/package-root.js';

/** What is exported, and where to. */
export interface ExportSettings {
  readonly tracing?: TracingSection | undefined;
  readonly metrics?: MetricsExportSection | undefined;
  /** Unique among all replicas. */
  readonly replica: string;
}

/** What metrics come from, and who reads them beside the exporter. */
export interface MetricSources {
  readonly scraped: IMetricReader;
  /** Histograms that the SDK does not have. */
  readonly histograms: MetricProducer;
}

/** How often failures of the export are reported, in milliseconds: a collector that is away is one event, not one a second. */
const REPORT_EVERY_MS = 60_000;

/** What runs while something is exported. */
export interface TelemetryExport {
  readonly sdk: NodeSDK;
  readonly results: ExportResults;
}

/** Starts what sends spans and metrics away. Loaded only where the configuration asks for it: it takes a while. */
export function exportTelemetry(
  { tracing, metrics, replica }: ExportSettings,
  { scraped, histograms }: MetricSources,
  host: Pick<Host, 'clock' | 'logger'>,
): TelemetryExport {
  diag.setLogger(new ExportLog(host), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  const results = new ExportResults([
    ...(tracing ? ['traces' as const] : []),
    ...(metrics ? ['metrics' as const] : []),
  ]);
  const sdk = new NodeSDK({
    resourceDetectors: [{ detect: () => ({ attributes: resourceOf(replica) }) }],
    metricReaders: [scraped, ...(metrics ? [periodicReader(metrics, results, histograms)] : [])],
    logRecordProcessors: [],
    ...(tracing
      ? { traceExporter: new CountedTraceExporter(urlOf(tracing.endpoint, 'traces'), results) }
      : { spanProcessors: [] }),
  });
  sdk.start();
  return { sdk, results };
}

/** Names of the semantic conventions of OpenTelemetry. */
function resourceOf(replica: string): Record<string, string> {
  return { 'service.name': 'assay', 'service.version': version, 'service.instance.id': replica };
}

function periodicReader(
  { endpoint, interval }: MetricsExportSection,
  results: ExportResults,
  histograms: MetricProducer,
): IMetricReader {
  const exporter = new ReplicaMetricExporter(urlOf(endpoint, 'metrics'), results);
  return new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: interval, metricProducers: [histograms] });
}

/** Says how its exports end. */
class CountedTraceExporter extends OTLPTraceExporter {
  constructor(
    url: string,
    private readonly results: ExportResults,
  ) {
    super({ url });
  }

  override export(...[spans, done]: Parameters<OTLPTraceExporter['export']>): void {
    super.export(spans, counted('traces', this.results, done));
  }
}

/** Exports of gauges only what is observed now, for the reason that `ScrapeReader` gives; and by the names that collectors expect. */
class ReplicaMetricExporter extends OTLPMetricExporter {
  constructor(
    url: string,
    private readonly results: ExportResults,
  ) {
    super({ url });
  }

  override export(...[metrics, done]: Parameters<OTLPMetricExporter['export']>): void {
    super.export(conventionalMetrics(metrics), counted('metrics', this.results, done));
  }

  override selectAggregationTemporality(type: InstrumentType): AggregationTemporality {
    return type === InstrumentType.OBSERVABLE_GAUGE ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE;
  }
}

/** `ExportResultCode.SUCCESS` of a package of the SDK that is not ours to import. */
const SUCCESS = 0;

/** Whom the SDK tells how an export has ended. */
type ExportEnded = Parameters<OTLPTraceExporter['export']>[1];

/** The same callback, that counts first. */
function counted(signal: ExportedSignal, results: ExportResults, ended: ExportEnded): ExportEnded {
  return (result) => {
    results.count(signal, (result.code as number) === SUCCESS ? 'success' : 'failure');
    ended(result);
  };
}

/** OTLP/HTTP appends the signal to the base URL. */
function urlOf(endpoint: string, signal: 'traces' | 'metrics'): string {
  return `${endpoint.replace(/\/+$/, '')}/v1/${signal}`;
}

/** What the SDK says of its own troubles, in our log. */
class ExportLog implements DiagLogger {
  private saidAtMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly host: Pick<Host, 'clock' | 'logger'>) {}

  readonly error = (detail: string): void => {
    this.say(detail);
  };

  readonly warn = (detail: string): void => {
    this.say(detail);
  };

  readonly info = (): void => undefined;
  readonly debug = (): void => undefined;
  readonly verbose = (): void => undefined;

  private say(detail: string): void {
    const { clock, logger } = this.host;
    if (clock.monoMs() - this.saidAtMs < REPORT_EVERY_MS) return;
    this.saidAtMs = clock.monoMs();
    logger.warn({ detail }, 'traces or metrics could not be exported');
  }
}
