// The rows about what callers see, and about the process.
import { asked, events, increase, issuer, job, keys, max, quantile, rate, region, sum } from './queries.mjs';

const states = { FRESH: 0, DUE: 1, STALE: 2, EXPIRED: 3, COLD: 4 };
const worstState = Object.entries(states).map(
  ([state, rank]) => `(assay_jwks_state{${keys}, state="${state}"} == 1) * ${rank}`,
);
const stateWords = {
  0: { text: 'FRESH', color: 'green' },
  1: { text: 'DUE', color: 'blue' },
  2: { text: 'STALE', color: 'yellow' },
  3: { text: 'EXPIRED', color: 'red' },
  4: { text: 'COLD', color: 'purple' },
};

const verdicts = 'outcome=~"active|inactive|insufficient_scope|unavailable|failed"';
const missing = 'outcome=~"unavailable|failed"';
const answers = (filter) => `assay_requests_total{${asked}, ${filter}}`;
const durations = `assay_request_duration_seconds_bucket{${asked}, outcome="active"}`;

const keySets = [
  {
    title: 'Key set of each issuer, in its worst state at any replica',
    says: 'STALE: several fetches have failed. EXPIRED: nothing is accepted any more. COLD: there have been no keys yet.',
    as: 'state-timeline',
    unit: 'short',
    w: 16,
    max: 4,
    words: stateWords,
    queries: [[max('issuer, region', worstState.join(' or ')), '{{issuer}} {{region}}']],
  },
  {
    title: 'hardTtl used up',
    says: 'Of the issuer that is nearest to it. At 100 % its keys are not accepted any more.',
    as: 'stat',
    unit: 'percentunit',
    w: 4,
    steps: [
      [0.25, 'yellow'],
      [0.5, 'red'],
    ],
    queries: [[`max(assay_jwks_age_seconds{${keys}} / assay_jwks_hard_ttl_seconds{${keys}})`, '']],
  },
  {
    title: 'Ready replicas',
    as: 'stat',
    unit: 'short',
    w: 4,
    queries: [[`sum(assay_ready{${job}})`, '']],
  },
];

const summary = [
  {
    title: 'Verdicts',
    as: 'stat',
    unit: 'reqps',
    w: 6,
    h: 4,
    queries: [[`sum(${rate(answers(verdicts))})`, '']],
  },
  {
    title: 'Questions without a verdict',
    says: 'The objective allows for 0.1 % in a month.',
    as: 'stat',
    unit: 'percentunit',
    w: 6,
    h: 4,
    steps: [
      [0.001, 'yellow'],
      [0.0144, 'red'],
    ],
    queries: [[`sum(${rate(answers(missing))}) / sum(${rate(answers(verdicts))}) or vector(0)`, '']],
  },
  {
    title: 'Answers about good tokens within 50 ms',
    says: 'The objective is 99 % in a month.',
    as: 'stat',
    unit: 'percentunit',
    w: 6,
    h: 4,
    max: 1,
    steps: [
      [0, 'red'],
      [0.856, 'yellow'],
      [0.99, 'green'],
    ],
    queries: [
      [
        `sum(${rate(`assay_request_duration_seconds_bucket{${asked}, outcome="active", le="0.05"}`)})` +
          ` / sum(${rate(`assay_request_duration_seconds_count{${asked}, outcome="active"}`)})`,
        '',
      ],
    ],
  },
  {
    title: 'Replicas that decide alone',
    as: 'stat',
    unit: 'short',
    w: 6,
    h: 4,
    steps: [[1, 'yellow']],
    queries: [[`sum(assay_jwks_autonomous{${region}}) or vector(0)`, '']],
  },
];

export const overview = [...keySets, ...summary];

export const askers = [
  {
    title: 'Requests by outcome',
    unit: 'reqps',
    stacked: true,
    queries: [[sum('outcome', rate(`assay_requests_total{${asked}}`)), '{{outcome}}']],
  },
  {
    title: 'Requests by caller',
    unit: 'reqps',
    stacked: true,
    queries: [[sum('caller', rate(`assay_requests_total{${asked}}`)), '{{caller}}']],
  },
  {
    title: 'Requests by door',
    unit: 'reqps',
    stacked: true,
    queries: [[sum('door', rate(`assay_requests_total{${asked}}`)), '{{door}}']],
  },
  {
    title: 'Tokens that are not active, by reason',
    says: 'What no caller hears.',
    unit: 'cps',
    stacked: true,
    queries: [[sum('reason', rate(`assay_rejections_total{${issuer}}`)), '{{reason}}']],
  },
  {
    title: 'Tokens that are not active, by issuer',
    says: 'Without a name: tokens that name no registered issuer.',
    unit: 'cps',
    stacked: true,
    queries: [[sum('issuer', rate(`assay_rejections_total{${issuer}}`)), '{{issuer}}']],
  },
  {
    title: 'No verdict, refused, or limited',
    unit: 'reqps',
    queries: [
      [
        sum('caller, outcome', rate(answers('outcome=~"refused|limited|unavailable|failed"'))),
        '{{caller}} {{outcome}}',
      ],
    ],
  },
  {
    title: 'Questions about an issuer without keys to trust',
    unit: 'short',
    queries: [
      [
        sum('issuer, region, reason', events(`assay_introspect_unavailable_total{${keys}}`)),
        '{{issuer}} {{region}} {{reason}}',
      ],
    ],
  },
];

export const latency = [
  {
    title: 'Answers about good tokens',
    unit: 's',
    queries: [0.5, 0.95, 0.99].map((q) => [quantile(q, '', durations), `p${q * 100}`]),
  },
  {
    title: 'Answers about good tokens, p99 by door',
    unit: 's',
    queries: [[quantile(0.99, 'door', durations), '{{door}}']],
  },
  {
    title: 'All answers, p99 by outcome',
    says: 'A token that names an unknown key may wait for a fetch.',
    unit: 's',
    queries: [[quantile(0.99, 'outcome', `assay_request_duration_seconds_bucket{${asked}}`), '{{outcome}}']],
  },
  {
    title: 'Answers about good tokens, how many took how long',
    as: 'heatmap',
    unit: 's',
    w: 24,
    queries: [[sum('le', increase(durations)), '{{le}}']],
  },
];

export const processRow = [
  { title: 'Event loop delay', unit: 's', queries: [[`assay_event_loop_delay_seconds{${job}}`, '{{instance}}']] },
  {
    title: 'Event loop utilization since the start',
    unit: 'percentunit',
    max: 1,
    queries: [[`assay_event_loop_utilization_ratio{${job}}`, '{{instance}}']],
  },
  {
    title: 'Processors used',
    unit: 'percentunit',
    queries: [[rate(`assay_process_cpu_seconds_total{${job}}`), '{{instance}}']],
  },
  {
    title: 'Memory of the process',
    unit: 'bytes',
    queries: [[`assay_process_resident_memory_bytes{${job}}`, '{{instance}}']],
  },
  {
    title: 'Memory of JavaScript objects',
    unit: 'bytes',
    queries: [[`assay_process_heap_used_bytes{${job}}`, '{{instance}}']],
  },
  { title: 'Uptime', unit: 's', queries: [[`time() - assay_process_start_time_seconds{${job}}`, '{{instance}}']] },
  {
    title: 'Attempts to reload the configuration',
    unit: 'short',
    queries: [[sum('result', increase(`assay_config_reload_total{${job}}`)), '{{result}}']],
  },
  {
    title: 'Since the latest attempt to reload',
    unit: 's',
    queries: [[`time() - ${max('result', `assay_config_last_reload_timestamp_seconds{${job}}`)}`, '{{result}}']],
  },
  {
    title: 'Tokens whose signature was known',
    says: 'Of all that were looked up. A signature is checked once; everything else is judged each time.',
    unit: 'percentunit',
    max: 1,
    queries: [
      [
        `sum(${rate(`assay_verified_token_cache_lookups_total{${job}, result="hit"}`)}) / sum(${rate(`assay_verified_token_cache_lookups_total{${job}}`)})`,
        'known',
      ],
    ],
  },
  {
    title: 'Memory of verified tokens, filled',
    unit: 'percentunit',
    max: 1,
    queries: [
      [
        `assay_verified_token_cache_bytes{${job}} / (assay_verified_token_cache_limit_bytes{${job}} > 0)`,
        '{{instance}}',
      ],
    ],
  },
  {
    title: 'Registered issuers and callers',
    unit: 'short',
    queries: [
      [`max(assay_issuers{${job}})`, 'issuers'],
      [`max(assay_callers{${job}})`, 'callers'],
    ],
  },
  {
    title: 'Replicas by version',
    unit: 'short',
    stacked: true,
    queries: [[`count by (version, node) (assay_build_info{${job}})`, '{{version}} on Node {{node}}']],
  },
];
