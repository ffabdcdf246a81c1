import type { BatchObservableResult, Meter, Observable } from '@opentelemetry/api';
import { metricTable, type MetricKind, type MetricTerms } from './metric-table.js';

type Table = typeof metricTable;

/** Name of a metric. */
export type MetricName = keyof Table;

/** Names of metrics of one kind. */
export type MetricNameOf<Kind extends MetricKind> = {
  [Name in MetricName]: Table[Name]['kind'] extends Kind ? Name : never;
}[MetricName];

/** Exactly the labels that the table gives a metric. */
export type Labels<Name extends MetricName> = Readonly<Record<Table[Name]['labels'][number], string>>;

/** Takes one value of a metric that is observed rather than counted. */
export type Observe<Name extends MetricName> = <Observed extends Name>(
  name: Observed,
  value: number,
  labels: Labels<Observed>,
) => void;

/** A series of a counter: its labels, and what was counted so far. */
interface Series {
  readonly labels: Readonly<Record<string, string>>;
  value: number;
}

/** What the service counts and measures, by the names and labels of the one table. Never throws, never waits. */
export class Metrics {
  /**
   * By the values of the labels. Counted here and read at each collection: the SDK would sort and spell the labels anew for each
   * count, which costs more than the rest of it.
   */
  private readonly counters = new Map<MetricName, Map<string, Series>>();
  private readonly histograms = new Map<MetricName, ReturnType<Meter['createHistogram']>>();

  /** @param meter `undefined`: nobody is interested */
  constructor(private readonly meter?: Meter) {}

  /** Adds to a counter. */
  count<Name extends MetricNameOf<'counter'>>(name: Name, labels: Labels<Name>, by = 1): void {
    if (!this.meter) return;
    const counter = this.counters.get(name) ?? this.counter(name, this.meter);
    const series = seriesOf(name, labels);
    const known = counter.get(series);
    if (known) known.value += by;
    else counter.set(series, { labels, value: by });
  }

  /** Puts one measurement into a histogram. */
  measure<Name extends MetricNameOf<'histogram'>>(name: Name, value: number, labels: Labels<Name>): void {
    if (!this.meter) return;
    let instrument = this.histograms.get(name);
    if (!instrument) this.histograms.set(name, (instrument = this.meter.createHistogram(name, optionsOf(name))));
    instrument.record(value, labels);
  }

  /** Calls `report` at each collection, for values that are read then rather than counted. To be called once for each name. */
  watch<Name extends MetricNameOf<'counter' | 'gauge'>>(
    names: readonly Name[],
    report: (observe: Observe<Name>) => void,
  ): void {
    const { meter } = this;
    if (!meter) return;
    const instruments = new Map<string, Observable>(names.map((name) => [name, observableOf(meter, name)]));
    const collect = (result: BatchObservableResult): void => {
      report((name, value, labels) => {
        const instrument = instruments.get(name);
        if (instrument) result.observe(instrument, value, labels);
      });
    };
    meter.addBatchObservableCallback(collect, [...instruments.values()]);
  }

  private counter(name: MetricNameOf<'counter'>, meter: Meter): Map<string, Series> {
    const counter = new Map<string, Series>();
    this.counters.set(name, counter);
    meter.createObservableCounter(name, optionsOf(name)).addCallback((result) => {
      for (const { labels, value } of counter.values()) result.observe(value, labels);
    });
    return counter;
  }
}

/** One text for each combination of values, in the order of the table. */
function seriesOf<Name extends MetricName>(name: Name, labels: Labels<Name>): string {
  let series = '';
  for (const label of metricTable[name].labels)
    series += `${(labels as Readonly<Record<string, string>>)[label] ?? ''}\0`;
  return series;
}

function observableOf(meter: Meter, name: MetricName): Observable {
  return metricTable[name].kind === 'counter'
    ? meter.createObservableCounter(name, optionsOf(name))
    : meter.createObservableGauge(name, optionsOf(name));
}

function optionsOf(name: MetricName): object {
  const { description, buckets }: MetricTerms = metricTable[name];
  return { description, ...(buckets && { advice: { explicitBucketBoundaries: [...buckets] } }) };
}
