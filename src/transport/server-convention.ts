import type { BoundHistogram } from '../telemetry/metrics/metrics.js';
import type { SpanAttributes } from '../telemetry/tracing/tracing.js';

/**
 * How the semantic conventions of OpenTelemetry describe the requests of one kind, beside our own names: what dashboards and
 * collectors of others look for. One object for each kind, found again for each of its requests.
 */
export interface ServerConvention {
  readonly spanName: string;
  /** What is known before the answer. */
  readonly attributes: SpanAttributes;
  /**
   * Where requests are measured that end so.
   * @param status what was answered: an HTTP status, or a code of gRPC
   */
  seriesOf(status: number): BoundHistogram;
  /** What the span says of the end. */
  outcomeOf(status: number): SpanAttributes;
}
