import { describe, expect, it } from 'vitest';
import { alertRules, recordingRules, textOf } from './support/alert-rules.js';
import { readQuery, type RecordedSeries } from './support/promql.js';

const recorded: RecordedSeries = new Map(recordingRules.map(({ record, expr }) => [record, readQuery(expr).labels]));

describe('a query is read as Prometheus reads it', () => {
  it.each([
    ['assay_ready == 0', ['instance', 'job', 'namespace', 'pod']],
    ['sum by (issuer) (rate(assay_jwks_fetch_total{kind="auto"}[5m] offset 1h))', ['issuer']],
    ['topk(3, sum by (result) (assay_jwks_fetch_total))', ['result']],
    ['histogram_quantile(0.9, sum by (le, op) (rate(assay_jwks_redis_op_seconds_bucket[5m])))', ['le', 'op']],
    ['count by (region) (count_values by (region) ("digest", assay_jwks_set_digest))', ['region']],
    [
      'count_values without (issuer, instance, pod, namespace, job) ("digest", assay_jwks_set_digest)',
      ['digest', 'region'],
    ],
    ['absent(assay_ready)', []],
    ['sum(assay_ready) # assay_nothing{by="x"}', []],
  ])('%s', (text, labels) => {
    const query = readQuery(text);
    expect(query.problems).toEqual([]);
    expect([...query.labels].sort()).toEqual(labels);
  });

  it('finds names where they are names, and not in texts', () => {
    const { metrics } = readQuery('assay_ready{job="assay_issuers"} and on (job) assay_jwks_redis_op_seconds_sum');
    expect([...metrics]).toEqual(['assay_ready', 'assay_jwks_redis_op_seconds']);
  });

  it.each([
    ['assay_jwks_age', 'no metric assay_jwks_age'],
    ['assay_jwks_fetch_seconds', 'no metric assay_jwks_fetch_seconds'],
    ['assay_ready_count', 'no metric assay_ready_count'],
    ['node_load1', 'no metric node_load1'],
    ['assay_ready{issuer="corp"}', 'no issuer among'],
    ['assay_requests_total{outcome="inactiv"}', 'no inactiv among'],
    ['assay_requests_total{outcome=~"failed|unavailble"}', 'no unavailble among'],
    ['sum by (caller) (assay_jwks_age_seconds)', 'no caller among'],
    ['sum by (issuer, instance) (sum by (issuer) (assay_jwks_age_seconds))', 'no instance among'],
    ['assay_jwks_age_seconds and ignoring (stat) assay_jwks_state', 'no stat among'],
    ['assay_ready and on (issuer) assay_callers', 'no issuer among'],
    ['sum(assay_ready', 'no PromQL at'],
    ['assay:missing', 'no metric assay:missing'],
  ])('%s is refused', (text, problem) => {
    expect(readQuery(text).problems.join('\n')).toContain(problem);
  });
});

describe('rules ask for names, labels and values that there are', () => {
  const named = [
    ...recordingRules.map(({ record, expr }) => [record, expr] as const),
    ...alertRules.map(({ alert, expr }) => [alert, expr] as const),
  ];

  it.each(named)('%s', (_name, expr) => {
    expect(readQuery(expr, recorded).problems).toEqual([]);
  });

  it.each(alertRules.map((rule) => [rule.alert, rule.labels.severity, rule] as const))(
    '%s %s speaks of labels that it has',
    (_name, severity, { expr, annotations }) => {
      expect(['page', 'warn']).toContain(severity);
      const { labels } = readQuery(expr, recorded);
      const spoken = [...`${annotations.summary}${annotations.description}`.matchAll(/\$labels\.(\w+)/g)];
      expect(spoken.map(([, label]) => label!).filter((label) => !labels.has(label))).toEqual([]);
    },
  );

  it('and every rule that makes a series is used by another', () => {
    const used = alertRules.map(({ expr }) => expr).join('\n');
    expect(recordingRules.filter(({ record }) => !used.includes(record))).toEqual([]);
  });
});

describe.each(['operations.md', 'metrics.md'])('docs/%s', (file) => {
  const text = textOf('docs', file);
  const blocks = [...text.matchAll(/```promql\n([^`]*)```/g)].map(([, query]) => query!);
  const spans = [...text.replaceAll(/```[^`]*```/g, '').matchAll(/`([^`\n]*assay_[^`\n]*)`/g)].map(
    ([, query]) => query!,
  );

  it('asks for names, labels and values that there are', () => {
    const problems = [...blocks, ...spans].flatMap((query) => readQuery(query, recorded).problems);
    expect(problems).toEqual([]);
    expect(blocks.length + spans.length).toBeGreaterThan(0);
  });
});
