import { parser } from '@prometheus-io/lezer-promql';
import { metricTable } from '../../../src/telemetry/metrics/metric-table.js';
import type { MetricTerms } from '../../../src/telemetry/metrics/metric-terms.js';
import type { MetricName } from '../../../src/telemetry/metrics/metrics.js';
import { knownLabelValues } from './known-label-values.js';

type Node = ReturnType<typeof parser.parse>['topNode'];

/** What Prometheus adds to every series of a replica. */
const targetLabels = ['namespace', 'job', 'instance', 'pod'];
// `up` has nothing else: Prometheus makes it for each replica itself.

/** What a query asks for, as far as our table of metrics can judge it. */
export interface Query {
  /** Names of the table, without the suffixes of histograms. */
  readonly metrics: ReadonlySet<MetricName>;
  /** Labels that the answer may have. */
  readonly labels: ReadonlySet<string>;
  /** Everything that Prometheus, or the table, does not know. */
  readonly problems: readonly string[];
}

/** Labels of the series that recording rules make, by their names. */
export type RecordedSeries = ReadonlyMap<string, ReadonlySet<string>>;

/** Reads PromQL with the grammar of Prometheus itself: a name in a text, or a label that is a word of the language, is not mistaken. */
export function readQuery(text: string, recorded: RecordedSeries = new Map()): Query {
  const reader = new QueryReader(text, recorded);
  const labels = reader.labelsOf(parser.parse(text).topNode);
  return { metrics: reader.metrics, labels, problems: reader.problems };
}

class QueryReader {
  readonly metrics = new Set<MetricName>();
  readonly problems: string[] = [];

  constructor(
    private readonly text: string,
    private readonly recorded: RecordedSeries,
  ) {}

  /** Labels that the part of the query may answer with. */
  labelsOf(node: Node): ReadonlySet<string> {
    if (node.type.isError) this.problems.push(`no PromQL at ${this.text.slice(node.from, node.from + 20)}`);
    if (node.name === 'VectorSelector') return this.labelsOfSelector(node);
    const labels = new Set(childrenOf(node).flatMap((child) => [...this.labelsOf(child)]));
    if (node.name === 'AggregateExpr') return this.labelsOfAggregate(node, labels);
    const matching = node.getChild('MatchingModifierClause');
    if (matching) this.refuseOthers(this.names(matching), labels);
    return node.name === 'FunctionCall' && node.getChild('FunctionIdentifier')?.getChild('Absent') ? new Set() : labels;
  }

  private labelsOfSelector(node: Node): ReadonlySet<string> {
    const name = this.textOf(node.getChild('Identifier'));
    const metric = metricOf(name);
    const own = this.recorded.get(name) ?? (metric && labelsOfSeries(name, metric));
    const labels = own ?? (name === 'up' ? new Set(targetLabels) : undefined);
    if (!labels) {
      this.problems.push(`no metric ${name}`);
      return new Set();
    }
    if (metric) this.metrics.add(metric);
    for (const matcher of node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []) {
      const label = this.textOf(matcher.getChild('LabelName'));
      this.refuseOthers([label], labels);
      const known = metric && knownLabelValues[metric]?.[label];
      if (known) this.refuseOthers(valuesOf(this.textOf(matcher.getChild('StringLiteral'))), new Set(known));
    }
    return labels;
  }

  private labelsOfAggregate(node: Node, inner: ReadonlySet<string>): ReadonlySet<string> {
    const modifier = node.getChild('AggregateModifier');
    const names = modifier ? this.names(modifier) : [];
    this.refuseOthers(names, inner);
    const added = node.getChild('AggregateOp')?.getChild('CountValues')
      ? valuesOf(this.textOf(node.getChild('FunctionCallBody')?.getChild('StringLiteral')))
      : [];
    const kept = modifier?.getChild('Without') ? [...inner].filter((label) => !names.includes(label)) : names;
    const isChoice = !modifier && /^(?:topk|bottomk)/.test(this.textOf(node));
    return isChoice ? inner : new Set([...kept, ...added]);
  }

  private refuseOthers(names: readonly string[], known: ReadonlySet<string>): void {
    for (const name of names) {
      if (!known.has(name)) this.problems.push(`no ${name} among ${[...known].join(', ')}: ${this.text}`);
    }
  }

  private names(node: Node): readonly string[] {
    const lists = node.getChildren('GroupingLabels');
    return lists.flatMap((list) => list.getChildren('LabelName')).map((name) => this.textOf(name));
  }

  private textOf(node: Node | null | undefined): string {
    return node ? this.text.slice(node.from, node.to) : '';
  }
}

function childrenOf(node: Node): readonly Node[] {
  const children: Node[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return children;
}

/** The metric that a series belongs to. A histogram has no series of its own name. */
function metricOf(series: string): MetricName | undefined {
  const name = series.replace(/_(?:bucket|sum|count)$/, '');
  const isPart = name !== series;
  return isMetric(name) && (metricTable[name].kind === 'histogram') === isPart ? name : undefined;
}

function isMetric(name: string): name is MetricName {
  return Object.hasOwn(metricTable, name);
}

function labelsOfSeries(series: string, metric: MetricName): ReadonlySet<string> {
  const { labels }: MetricTerms = metricTable[metric];
  return new Set([
    ...labels.map((label) => label.replaceAll('.', '_')),
    ...targetLabels,
    ...(series.endsWith('_bucket') ? ['le'] : []),
  ]);
}

/** The words of `"a"` or `"a|b"`; none where a dashboard puts in its own. */
function valuesOf(literal: string): readonly string[] {
  const text = literal.slice(1, -1);
  return text.includes('$') ? [] : text.split('|');
}
