import { diag, DiagLogLevel, type DiagLogger } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { AggregationTemporality, InstrumentType, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import type { IMetricReader } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import type { Host } from './host.js';
import type { MetricsExportSection, TracingSection } from './telemetry.section.js';
import { version } from '../shared/package-root.js';

/** What is exported, and where to. */
export interface ExportSettings {
  readonly tracing?: TracingSection | undefined;
  readonly metrics?: MetricsExportSection | undefined;
  /** Unique among all replicas. */
  readonly replica: string;
}

/** How often failures of the export are reported, in milliseconds: a collector that is away is one event, not one a second. */
const REPORT_EVERY_MS = 60_000;

/** Starts what sends spans and metrics away. Loaded only where the configuration asks for it: it takes a while. */
export function exportTelemetry(
  { tracing, metrics, replica }: ExportSettings,
  scraped: IMetricReader,
  host: Pick<Host, 'clock' | 'logger'>,
): NodeSDK {
  diag.setLogger(new ExportLog(host), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  const sdk = new NodeSDK({
    resourceDetectors: [{ detect: () => ({ attributes: resourceOf(replica) }) }],
    metricReaders: [scraped, ...(metrics ? [periodicReader(metrics)] : [])],
    logRecordProcessors: [],
    ...(tracing
      ? { traceExporter: new OTLPTraceExporter({ url: urlOf(tracing.endpoint, 'traces') }) }
      : { spanProcessors: [] }),
  });
  sdk.start();
  return sdk;
}

/** Names of the semantic conventions of OpenTelemetry. */
function resourceOf(replica: string): Record<string, string> {
  return { 'service.name': 'assay', 'service.version': version, 'service.instance.id': replica };
}

function periodicReader({ endpoint, interval }: MetricsExportSection): IMetricReader {
  const exporter = new ReplicaMetricExporter({ url: urlOf(endpoint, 'metrics') });
  return new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: interval });
}

/** Exports of gauges only what is observed now, for the reason that `ScrapeReader` gives. */
class ReplicaMetricExporter extends OTLPMetricExporter {
  override selectAggregationTemporality(type: InstrumentType): AggregationTemporality {
    return type === InstrumentType.OBSERVABLE_GAUGE ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE;
  }
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
