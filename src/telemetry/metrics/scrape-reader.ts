import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { AggregationTemporality, InstrumentType, MetricReader, type MetricProducer } from '@opentelemetry/sdk-metrics';

/** Content type of what {@link ScrapeReader.scrape} returns. */
export const SCRAPE_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Reads all metrics when somebody scrapes, as Prometheus text. The library's own reader would go on telling, for ever, the
 * last value of a gauge that nobody observes any more: of an issuer that was removed, its keys would grow old and page.
 */
export class ScrapeReader extends MetricReader {
  private readonly serializer = new PrometheusSerializer(undefined, false, undefined, true, true);

  /** @param further what is collected beside the metrics of the SDK */
  constructor(further: MetricProducer) {
    super({
      metricProducers: [further],
      aggregationTemporalitySelector: (type) =>
        type === InstrumentType.OBSERVABLE_GAUGE ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE,
    });
  }

  /** @returns Prometheus text format 0.0.4 */
  async scrape(): Promise<string> {
    const { resourceMetrics } = await this.collect();
    return this.serializer.serialize(resourceMetrics);
  }

  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }

  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}
