// The rows about the keys of issuers: how they stand, how they are fetched, how replicas share them.
import { events, job, keys, max, quantile, rate, region, sum } from './queries.mjs';

export const keyRow = [
  {
    title: 'Age of the keys, and hardTtl',
    says: 'The oldest at any replica.',
    unit: 's',
    w: 12,
    queries: [
      [max('issuer, region', `assay_jwks_age_seconds{${keys}}`), '{{issuer}} {{region}}'],
      [max('issuer, region', `assay_jwks_hard_ttl_seconds{${keys}}`), 'hardTtl of {{issuer}} {{region}}'],
    ],
  },
  {
    title: 'Keys by state',
    says: 'dropped: entries of the latest set that are not used.',
    unit: 'short',
    w: 12,
    queries: [[max('issuer, state', `assay_jwks_keys{${keys}}`), '{{issuer}} {{state}}']],
  },
  {
    title: 'What happened to keys',
    unit: 'short',
    queries: [[sum('issuer, event', events(`assay_jwks_key_event_total{${keys}}`)), '{{issuer}} {{event}}']],
  },
  {
    title: 'Tokens that name an unknown key',
    says: 'resolved: a new key on its first use. absent: the issuer does not publish it. The others: no fetch was made for it.',
    unit: 'cps',
    stacked: true,
    queries: [[sum('issuer, outcome', rate(`assay_jwks_kid_miss_total{${keys}}`)), '{{issuer}} {{outcome}}']],
  },
  {
    title: 'Published entries that are not used',
    unit: 'short',
    queries: [[sum('issuer, reason', events(`assay_jwks_key_dropped_total{${keys}}`)), '{{issuer}} {{reason}}']],
  },
  {
    title: 'Requests that wait for a fetch',
    unit: 'short',
    queries: [[sum('issuer, region', `assay_jwks_waiters{${keys}}`), '{{issuer}} {{region}}']],
  },
  {
    title: 'Requests that did not wait, because too many did',
    unit: 'cps',
    queries: [[sum('issuer, region', rate(`assay_jwks_shed_total{${keys}}`)), '{{issuer}} {{region}}']],
  },
];

export const fetches = [
  {
    title: 'Looks by reason',
    says: 'auto: made without Redis having agreed.',
    unit: 'cps',
    queries: [[sum('issuer, kind', rate(`assay_jwks_fetch_total{${keys}}`)), '{{issuer}} {{kind}}']],
  },
  {
    title: 'Looks by result',
    unit: 'cps',
    queries: [[sum('issuer, result', rate(`assay_jwks_fetch_total{${keys}}`)), '{{issuer}} {{result}}']],
  },
  {
    title: 'How long a fetch takes, p99',
    unit: 's',
    queries: [[quantile(0.99, 'issuer, region', `assay_jwks_fetch_seconds_bucket{${keys}}`), '{{issuer}} {{region}}']],
  },
  {
    title: 'Since the latest fetch',
    says: 'attempt, success and failure apart, of whichever replica fetched last.',
    unit: 's',
    queries: [
      [
        `time() - ${max('issuer, region, result', `assay_jwks_fetch_last_timestamp_seconds{${keys}}`)}`,
        '{{issuer}} {{region}} {{result}}',
      ],
    ],
  },
  {
    title: 'Backoff',
    unit: 's',
    queries: [[max('issuer, region', `assay_jwks_backoff_seconds{${keys}}`), '{{issuer}} {{region}}']],
  },
  {
    title: 'Size of key sets, p99',
    unit: 'bytes',
    queries: [[quantile(0.99, 'issuer', `assay_jwks_fetch_bytes_bucket{${keys}}`), '{{issuer}}']],
  },
  {
    title: 'Age of answers in caches on the way',
    unit: 's',
    queries: [[max('issuer, region', `assay_jwks_upstream_age_seconds{${keys}}`), '{{issuer}} {{region}}']],
  },
];

export const sharing = [
  {
    title: 'Different key sets in use',
    says: 'More than 1: replicas do not agree.',
    unit: 'short',
    min: 0,
    queries: [
      [
        `count by (issuer, region) (count_values by (issuer, region) ("digest", assay_jwks_set_digest{${keys}}))`,
        '{{issuer}} {{region}}',
      ],
    ],
  },
  {
    title: 'From a fetch to its keys in use, p99',
    unit: 's',
    queries: [
      [quantile(0.99, 'issuer, region', `assay_jwks_propagation_seconds_bucket{${keys}}`), '{{issuer}} {{region}}'],
    ],
  },
  {
    title: 'Fences behind the newest',
    says: 'How far the last replica is behind.',
    unit: 'short',
    queries: [
      [
        `${max('issuer, region', `assay_jwks_set_fence{${keys}}`)} - min by (issuer, region) (assay_jwks_set_fence{${keys}})`,
        '{{issuer}} {{region}}',
      ],
    ],
  },
  {
    title: 'Records brought to the store',
    unit: 'cps',
    queries: [[sum('verdict', rate(`assay_jwks_commit_total{${keys}}`)), '{{verdict}}']],
  },
  {
    title: 'Records that were not believed',
    unit: 'short',
    queries: [[sum('issuer, reason', events(`assay_jwks_mac_failure_total{${keys}}`)), '{{issuer}} {{reason}}']],
  },
  {
    title: 'Replicas: as they count themselves, and scraped',
    unit: 'short',
    queries: [
      [max('region', `assay_jwks_fleet_replicas{${region}}`), 'counted {{region}}'],
      [`count by (region) (assay_jwks_fleet_replicas{${region}})`, 'scraped {{region}}'],
    ],
  },
  {
    title: 'Replicas that decide alone',
    unit: 'short',
    queries: [[sum('region', `assay_jwks_autonomous{${region}}`), '{{region}}']],
  },
  {
    title: 'Replicas that have given Redis up',
    unit: 'short',
    queries: [[sum('role', `assay_jwks_redis_breaker{${job}}`), '{{role}}']],
  },
  {
    title: 'Why Redis does not answer',
    unit: 'cps',
    queries: [[sum('role, reason', rate(`assay_jwks_redis_failures_total{${job}}`)), '{{role}} {{reason}}']],
  },
  {
    title: 'Silence of the subscription',
    unit: 's',
    queries: [[max('region', `assay_jwks_pubsub_gap_seconds{${region}}`), '{{region}}']],
  },
  {
    title: 'Redis, p99 by operation',
    unit: 's',
    queries: [[quantile(0.99, 'op', `assay_jwks_redis_op_seconds_bucket{${job}}`), '{{op}}']],
  },
  {
    title: 'Redis, errors by operation',
    unit: 'cps',
    queries: [[sum('op', rate(`assay_jwks_redis_op_seconds_count{${job}, result="error"}`)), '{{op}}']],
  },
  {
    title: 'Clock of Redis ahead of ours',
    unit: 's',
    min: null,
    queries: [
      [max('region', `assay_jwks_redis_clock_skew_seconds{${region}}`), 'most {{region}}'],
      [`min by (region) (assay_jwks_redis_clock_skew_seconds{${region}})`, 'least {{region}}'],
    ],
  },
];
