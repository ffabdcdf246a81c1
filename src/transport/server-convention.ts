import type { BoundHistogram } from '../telemetry/metrics/metrics.js';
import type { SpanAttributes } from '../telemetry/tracing/tracing.js';

/**
 * How the semantic conventions of OpenTelemetry describe the requests of one kind, beside our own names: what dashboards and
 * collectors of others look for. One object for each kind, found again for each of its requests.
 */
export abstract class ServerConvention {
  private readonly series = new Map<number, BoundHistogram>();

  abstract readonly spanName: string;
  /** What is known before the answer. */
  abstract readonly attributes: SpanAttributes;

  /**
   * Where requests are measured that end so.
   * @param status what was answered: an HTTP status, or a code of gRPC
   */
  seriesOf(status: number): BoundHistogram {
    let series = this.series.get(status);
    if (!series) this.series.set(status, (series = this.begin(status)));
    return series;
  }

  /** What the span says of the end. */
  abstract outcomeOf(status: number): SpanAttributes;

  /** The series of a status that was not answered before. */
  protected abstract begin(status: number): BoundHistogram;
}
