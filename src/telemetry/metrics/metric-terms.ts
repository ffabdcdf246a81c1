/** How a metric behaves, and what Prometheus calls that. */
export type MetricKind = 'counter' | 'gauge' | 'histogram';

/** One metric: what is measured, and by which labels it is told apart. */
export interface MetricTerms {
  readonly kind: MetricKind;
  /** One sentence, for people. */
  readonly description: string;
  /** Every label has a bounded set of values: registered names, or words of ours. */
  readonly labels: readonly string[];
  /** Upper bounds of the buckets of a histogram. */
  readonly buckets?: readonly number[];
  /** What the semantic conventions of OpenTelemetry call it, and in which unit: so it goes to a collector. */
  readonly convention?: { readonly name: string; readonly unit: string };
}

/** A row of the table. */
export function counter<const Labels extends readonly string[]>(description: string, labels: Labels) {
  return { kind: 'counter', description, labels } as const;
}

/** A row of the table. */
export function gauge<const Labels extends readonly string[]>(description: string, labels: Labels) {
  return { kind: 'gauge', description, labels } as const;
}

/** A row of the table. */
export function histogram<const Labels extends readonly string[]>(
  description: string,
  labels: Labels,
  buckets: readonly number[],
) {
  return { kind: 'histogram', description, labels, buckets } as const;
}
