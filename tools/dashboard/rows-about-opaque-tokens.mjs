// The row about tokens that only their issuer can read.
import { events, issuer, job, max, quantile, rate, sum } from './queries.mjs';

const questions = `assay_upstream_introspections_total{${issuer}}`;
const spared = `assay_upstream_introspections_spared_total{${issuer}}`;

export const opaqueRow = [
  {
    title: 'Questions to issuers, by what came of them',
    says: 'breaker_open and overloaded: not asked.',
    unit: 'cps',
    stacked: true,
    queries: [[sum('issuer, result', rate(questions)), '{{issuer}} {{result}}']],
  },
  {
    title: 'How long a question takes, p99',
    unit: 's',
    queries: [[quantile(0.99, 'issuer', `assay_upstream_introspections_seconds_bucket{${issuer}}`), '{{issuer}}']],
  },
  {
    title: 'Opaque tokens that needed no question',
    says: 'Because the answer was remembered, or somebody waited for it already.',
    unit: 'percentunit',
    max: 1,
    queries: [
      [
        `${sum('issuer', rate(spared))} / (${sum('issuer', rate(spared))} + ${sum('issuer', rate(questions))})`,
        '{{issuer}}',
      ],
    ],
  },
  {
    title: 'Replicas that have given an issuer up',
    unit: 'short',
    queries: [[sum('issuer', `assay_upstream_breaker_open{${issuer}}`), '{{issuer}}']],
  },
  {
    title: 'Answers that are remembered',
    unit: 'short',
    queries: [[max('answer', `assay_upstream_answers_remembered{${job}}`), '{{answer}}']],
  },
  {
    title: 'Answers forgotten before their time',
    unit: 'short',
    queries: [[sum('answer', events(`assay_upstream_answers_displaced_total{${job}}`)), '{{answer}}']],
  },
  {
    title: 'Questions refused, because a caller has had too many',
    unit: 'cps',
    queries: [[sum('caller', rate(`assay_upstream_limited_total{${job}, caller=~"$caller"}`)), '{{caller}}']],
  },
];
