import { metrics as globalMetrics, trace } from '@opentelemetry/api';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import type { Clock } from '../shared/clock.js';
import type { Host } from './host.js';
import { Histograms, MOST_SERIES } from './metrics/histograms.js';
import { Metrics } from './metrics/metrics.js';
import { observeProcess } from './metrics/process-metrics.js';
import { ScrapeReader } from './metrics/scrape-reader.js';
import type { TelemetrySection } from './telemetry.section.js';
import { SampledTracing } from './tracing/sampled-tracing.js';
import { NoTracing, type Tracing } from './tracing/tracing.js';

/** Longest wait for a collector while the process ends, in milliseconds. */
const FAREWELL_MS = 2_000;

const scopeName = 'assay';

/** What the service says about itself: counted, traced, and where that goes. One for the process. */
export class Telemetry {
  private constructor(
    readonly metrics: Metrics,
    readonly tracing: Tracing,
    /** For `/metrics`. */
    readonly reader: ScrapeReader,
    private readonly stopExport: () => Promise<void>,
    private readonly clock: Clock,
  ) {}

  /** Counts for whoever scrapes, and sends nothing anywhere. */
  static local(clock: Clock): Telemetry {
    const histograms = new Histograms(clock);
    const reader = new ScrapeReader(histograms);
    const views = [{ instrumentName: '*', aggregationCardinalityLimit: MOST_SERIES }];
    const provider = new MeterProvider({ readers: [reader], views });
    const metrics = new Metrics(provider.getMeter(scopeName), histograms);
    const endObservation = observeProcess(metrics, clock);
    const stop = (): Promise<void> => {
      endObservation();
      return provider.shutdown();
    };
    return new Telemetry(metrics, new NoTracing(), reader, stop, clock);
  }

  /**
   * What the configuration asks for. The SDK is loaded only where something is exported.
   * @param random uniform in [0, 1)
   */
  static async start(
    { tracing, metrics }: TelemetrySection,
    host: Pick<Host, 'clock' | 'logger' | 'replica'>,
    random: () => number = Math.random,
  ): Promise<Telemetry> {
    const { clock, replica } = host;
    if (!tracing && !metrics) return Telemetry.local(clock);
    const { exportTelemetry } = await import('./export-telemetry.js');
    const histograms = new Histograms(clock);
    const readers = { scraped: new ScrapeReader(histograms), histograms };
    const { sdk, results } = exportTelemetry({ tracing, metrics, replica }, readers, host);
    const meters = new Metrics(globalMetrics.getMeter(scopeName), histograms);
    const endObservation = observeProcess(meters, clock);
    results.observe(meters);
    const sampled = tracing && new SampledTracing(trace.getTracer(scopeName), tracing.sampleRatio, random);
    const stop = (): Promise<void> => {
      endObservation();
      return sdk.shutdown();
    };
    return new Telemetry(meters, sampled ?? new NoTracing(), readers.scraped, stop, clock);
  }

  /** Takes over what can change while the process runs. */
  configure({ tracing }: TelemetrySection): void {
    if (this.tracing instanceof SampledTracing && tracing) this.tracing.setRatio(tracing.sampleRatio);
  }

  /** Sends what is left, but does not wait for a collector that does not listen. Never rejects. */
  async stop(): Promise<void> {
    await Promise.race([this.stopExport().catch(() => undefined), this.clock.sleep(FAREWELL_MS)]);
  }
}
