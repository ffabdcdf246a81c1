/** Counts durations and sizes at a cost that the hot path can pay. */
import { ValueType, type Attributes, type HrTime } from '@opentelemetry/api';
import {
  AggregationTemporality,
  DataPointType,
  type CollectionResult,
  type HistogramMetricData,
  type MetricProducer,
  type ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import type { Clock } from '../../shared/clock.js';

/** Series of one metric that are kept apart: endpoints × callers × outcomes of a large fleet. Beyond it they become one. */
export const MOST_SERIES = 50_000;

/** How OpenTelemetry marks the series of all that found no place. */
const overflow: Attributes = { 'otel.metric.overflow': true };

/** What tells one histogram from others. */
export interface HistogramTerms {
  readonly name: string;
  readonly description: string;
  /** Upper bounds of its buckets, ascending. */
  readonly buckets: readonly number[];
}

/** The measurements with one set of labels. */
export class HistogramSeries {
  private readonly counts: number[];
  private count = 0;
  private sum = 0;

  constructor(
    private readonly bounds: readonly number[],
    private readonly labels: Attributes,
  ) {
    this.counts = new Array<number>(bounds.length + 1).fill(0);
  }

  /** Puts one measurement into its bucket. Most belong to the first ones, so that nothing is gained by halving. */
  record(value: number): void {
    const { bounds, counts } = this;
    let bucket = 0;
    while (bucket < bounds.length && value > (bounds[bucket] ?? Infinity)) bucket++;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
    this.count++;
    this.sum += value;
  }

  /** All measurements so far. */
  pointAt(startTime: HrTime, endTime: HrTime): HistogramMetricData['dataPoints'][number] {
    const { bounds, counts, count, sum, labels: attributes } = this;
    const value = { buckets: { boundaries: [...bounds], counts: [...counts] }, count, sum };
    return { startTime, endTime, attributes, value };
  }
}

/** One histogram: its series by a text that says their labels. */
class Histogram {
  private readonly series = new Map<string, HistogramSeries>();

  constructor(readonly terms: HistogramTerms) {}

  seriesOf(key: string, labels: Attributes): HistogramSeries {
    const known = this.series.get(key);
    if (known) return known;
    const isFull = this.series.size >= MOST_SERIES && key !== '';
    return isFull ? this.seriesOf('', overflow) : this.begin(key, labels);
  }

  points(startTime: HrTime, endTime: HrTime): HistogramMetricData['dataPoints'] {
    return Array.from(this.series.values(), (series) => series.pointAt(startTime, endTime));
  }

  private begin(key: string, labels: Attributes): HistogramSeries {
    const series = new HistogramSeries(this.terms.buckets, labels);
    this.series.set(key, series);
    return series;
  }
}

/**
 * Histograms whose series are found once and kept by whoever measures. Those of the SDK sort and spell all labels of each single
 * measurement, which takes longer than everything else that is counted of a request. Readers collect them as they collect those of the SDK.
 */
export class Histograms implements MetricProducer {
  private readonly byName = new Map<string, Histogram>();
  private readonly startTime: HrTime;

  constructor(private readonly clock: Pick<Clock, 'wallMs'>) {
    this.startTime = hrTimeOf(clock.wallMs());
  }

  /** @param key tells these labels from others of the same histogram; not empty */
  seriesOf(terms: HistogramTerms, key: string, labels: Attributes): HistogramSeries {
    let histogram = this.byName.get(terms.name);
    if (!histogram) this.byName.set(terms.name, (histogram = new Histogram(terms)));
    return histogram.seriesOf(key, labels);
  }

  collect(): Promise<CollectionResult> {
    const endTime = hrTimeOf(this.clock.wallMs());
    const metrics = Array.from(this.byName.values(), (histogram) => this.dataOf(histogram, endTime));
    const scopeMetrics: ScopeMetrics[] = [{ scope: { name: 'assay' }, metrics }];
    // Readers put the resource of the SDK in the place of that of any other producer.
    const resourceMetrics = { scopeMetrics } as CollectionResult['resourceMetrics'];
    return Promise.resolve({ resourceMetrics, errors: [] });
  }

  private dataOf(histogram: Histogram, endTime: HrTime): HistogramMetricData {
    const { name, description } = histogram.terms;
    return {
      descriptor: { name, description, unit: '', valueType: ValueType.DOUBLE },
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPointType: DataPointType.HISTOGRAM,
      dataPoints: histogram.points(this.startTime, endTime),
    };
  }
}

function hrTimeOf(wallMs: number): HrTime {
  const seconds = Math.floor(wallMs / 1_000);
  return [seconds, Math.round((wallMs - seconds * 1_000) * 1e6)];
}
