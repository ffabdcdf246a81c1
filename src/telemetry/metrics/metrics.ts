/** Counts and measures by the names of the one table of metrics. */
import type { BatchObservableResult, Meter, Observable } from '@opentelemetry/api';
import type { Histograms, HistogramSeries } from './histograms.js';
import { metricTable } from './metric-table.js';
import type { MetricKind } from './metric-terms.js';

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

/** Counts with one set of labels. Whoever counts often keeps it: its labels are looked up once. */
export interface BoundCounter {
  add(by?: number): void;
}

/** Measures with one set of labels. */
export type BoundHistogram = Pick<HistogramSeries, 'record'>;

/** A series of a counter: its labels, and what was counted so far. */
class CounterSeries implements BoundCounter {
  value = 0;

  constructor(readonly labels: Readonly<Record<string, string>>) {}

  add(by = 1): void {
    this.value += by;
  }
}

const uncounted: BoundCounter = { add: () => undefined };
const unmeasured: BoundHistogram = { record: () => undefined };

/** What the service counts and measures, by the names and labels of the one table. Never throws, never waits. */
export class Metrics {
  /**
   * By the values of the labels. Counted here and read at each collection: the SDK would sort and spell the labels anew for each
   * count, which costs more than the rest of it.
   */
  private readonly counters = new Map<MetricName, Map<string, CounterSeries>>();

  /**
   * @param meter `undefined`: nobody is interested
   * @param histograms collected by the readers of that meter
   */
  constructor(
    private readonly meter?: Meter,
    private readonly histograms?: Histograms,
  ) {}

  /** Adds to a counter. */
  count<Name extends MetricNameOf<'counter'>>(name: Name, labels: Labels<Name>, by = 1): void {
    this.counter(name, labels).add(by);
  }

  /** Puts one measurement into a histogram. */
  measure<Name extends MetricNameOf<'histogram'>>(name: Name, value: number, labels: Labels<Name>): void {
    this.histogram(name, labels).record(value);
  }

  /** A counter with its labels, to be kept where it is used for each request. */
  counter<Name extends MetricNameOf<'counter'>>(name: Name, labels: Labels<Name>): BoundCounter {
    if (!this.meter) return uncounted;
    const counter = this.counters.get(name) ?? this.begin(name, this.meter);
    const key = keyOf(name, labels);
    let series = counter.get(key);
    if (!series) counter.set(key, (series = new CounterSeries(labels)));
    return series;
  }

  /** A histogram with its labels, to be kept where it is used for each request. */
  histogram<Name extends MetricNameOf<'histogram'>>(name: Name, labels: Labels<Name>): BoundHistogram {
    const { description, buckets } = metricTable[name];
    return this.histograms?.seriesOf({ name, description, buckets }, keyOf(name, labels), labels) ?? unmeasured;
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

  private begin(name: MetricNameOf<'counter'>, meter: Meter): Map<string, CounterSeries> {
    const counter = new Map<string, CounterSeries>();
    this.counters.set(name, counter);
    meter.createObservableCounter(name, optionsOf(name)).addCallback((result) => {
      for (const { labels, value } of counter.values()) result.observe(value, labels);
    });
    return counter;
  }
}

/** One text for each combination of values, in the order of the table. */
function keyOf<Name extends MetricName>(name: Name, labels: Labels<Name>): string {
  let key = '';
  for (const label of metricTable[name].labels) key += `${(labels as Readonly<Record<string, string>>)[label] ?? ''}\0`;
  return key;
}

function observableOf(meter: Meter, name: MetricName): Observable {
  return metricTable[name].kind === 'counter'
    ? meter.createObservableCounter(name, optionsOf(name))
    : meter.createObservableGauge(name, optionsOf(name));
}

function optionsOf(name: MetricName): { readonly description: string } {
  const { description } = metricTable[name];
  return { description };
}
