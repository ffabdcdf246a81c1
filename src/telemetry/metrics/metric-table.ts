import { counter, gauge, histogram, type MetricTerms } from './metric-terms.js';
import { standardMetrics } from './standard-metrics.js';

/** Where answers are, in seconds: a known key takes less than a millisecond, a fetch from an issuer up to three seconds. */
const answerSeconds = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
/** A fetch from an issuer ends after three seconds at the latest. */
const fetchSeconds = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5];
/** A question about an opaque token ends after two seconds, unless the configuration says otherwise. */
const upstreamSeconds = [0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10];
/** Half a second is the command timeout of Redis. */
const redisSeconds = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];
/** The poll is every two seconds. */
const propagationSeconds = [0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30, 60];
/** Up to the limit of a body. */
const bodyBytes = [1_024, 2_048, 4_096, 8_192, 16_384, 32_768, 65_536, 131_072, 262_144];

const keyLabels = ['issuer', 'region'] as const;

/**
 * Every metric of the service: the one table of names. A name says its unit, and starts with `assay_`, unless dashboards that others
 * have made expect another one; `issuer` and `caller` are registered ids, or empty where there is none. docs/metrics.md is made from it.
 */
export const metricTable = {
  // who asks, and how they are answered
  assay_requests_total: counter('Requests answered.', ['door', 'caller', 'outcome']),
  assay_request_duration_seconds: histogram(
    'Time from the head of a request to the end of its answer.',
    ['door', 'caller', 'outcome'],
    answerSeconds,
  ),
  assay_event_polls: gauge('Requests of callers that wait for events now.', []),
  assay_grpc_ended_early_total: counter('gRPC calls that ended before they were a question.', ['door', 'reason']),
  assay_rejections_total: counter('Tokens that are not active, by the reason that no caller hears.', [
    'issuer',
    'reason',
  ]),
  assay_introspect_unavailable_total: counter('Questions without an answer, because the issuer has no keys to trust.', [
    ...keyLabels,
    'reason',
  ]),
  assay_key_undetermined_total: counter(
    'Tokens of an unknown key while its issuer could not be asked: unavailable until a caller has had too many such answers.',
    ['caller', 'issuer', 'outcome'],
  ),
  // what providers send about sessions and subjects that have ended
  assay_signals_total: counter('Signals received from providers, by what became of them.', [
    'stream',
    'delivery',
    'outcome',
  ]),
  assay_signals_refused_total: counter('Signals that were not believed, by the reason that no sender hears.', [
    'stream',
    'reason',
  ]),
  assay_signal_last_accepted_timestamp_seconds: gauge('When this replica last accepted a signal, since the epoch.', [
    'stream',
  ]),
  assay_signal_events_total: counter('Security events that were taken, by what they tell.', [
    'stream',
    'delivery',
    'event',
  ]),
  assay_signal_discarded_total: counter(
    'Security events about somebody whom tokens cannot be found by, by the reason.',
    ['stream', 'reason'],
  ),
  assay_signal_widened_total: counter(
    'Security events about a part of a user, for which all tokens of the user were ended.',
    ['stream'],
  ),
  assay_signal_stream_up: gauge('1 where a stream of events tells what happens, as far as anybody can know; else 0.', [
    'stream',
  ]),
  assay_signal_polls_total: counter('Rounds in which this replica attended to a stream of events.', [
    'stream',
    'outcome',
  ]),
  assay_proof_uses_total: counter('DPoP proofs that passed all other checks, by whether they were used before.', [
    'caller',
    'outcome',
  ]),
  assay_proof_uses_remembered: gauge('Uses of DPoP proofs that this replica remembers.', []),
  // the keys of each issuer, as this replica has them
  assay_jwks_age_seconds: gauge('Time since the start of the fetch that last proved the key set published.', keyLabels),
  assay_jwks_hard_ttl_seconds: gauge('Age from which on nothing of the key set is accepted.', keyLabels),
  assay_jwks_state: gauge('1 for the state in which the key set is, 0 for the others.', [...keyLabels, 'state']),
  assay_jwks_set_digest: gauge(
    'Which keys are accepted, as a number: replicas that agree show the same one.',
    keyLabels,
  ),
  assay_jwks_set_fence: gauge('Fence of the record that is in use; grows with each fetch.', keyLabels),
  assay_jwks_keys: gauge('Keys by state; dropped: entries of the latest set that are not used.', [
    ...keyLabels,
    'state',
  ]),
  assay_jwks_key_dropped_total: counter('Entries of published sets that are not used.', [...keyLabels, 'reason']),
  assay_jwks_key_event_total: counter('What happened to keys.', [...keyLabels, 'event']),
  assay_jwks_kid_miss_total: counter('Tokens that name a key that is not known, and what came of looking for it.', [
    ...keyLabels,
    'outcome',
  ]),
  // how they are fetched
  assay_jwks_fetch_total: counter('Fetches from issuers that this replica made.', [...keyLabels, 'kind', 'result']),
  assay_jwks_fetch_seconds: histogram('How long a fetch took.', keyLabels, fetchSeconds),
  assay_jwks_fetch_bytes: histogram('Size of the key sets that were received.', keyLabels, bodyBytes),
  assay_jwks_upstream_age_seconds: gauge('Age that the latest answer had already, in caches on the way.', keyLabels),
  assay_jwks_fetch_last_timestamp_seconds: gauge('When a fetch last ended so, since the epoch.', [
    ...keyLabels,
    'result',
  ]),
  assay_jwks_backoff_seconds: gauge('How long no fetch from the issuer is allowed.', keyLabels),
  assay_jwks_waiters: gauge('Requests that wait for a fetch now.', keyLabels),
  assay_jwks_shed_total: counter('Requests that did not wait for a fetch because too many did.', keyLabels),
  // how replicas share them
  assay_jwks_propagation_seconds: histogram(
    'Time from the start of a fetch to the moment its keys were in use here.',
    keyLabels,
    propagationSeconds,
  ),
  assay_jwks_commit_total: counter('Records brought to the store, and its verdicts.', [...keyLabels, 'verdict']),
  assay_revocations: gauge('Tokens, sessions, subjects, clients and issuers that are revoked at this replica.', [
    'issuer',
    'kind',
  ]),
  assay_revocations_quota: gauge('How many of them the configuration has room for, of issuers that have any.', [
    'issuer',
  ]),
  assay_revocation_blind_verdicts_total: counter(
    'Tokens judged by a replica that could not read which keys are denied, or what was revoked, yet or for longer than `revocation.maxStaleness`; once for each of the two.',
    ['region'],
  ),
  assay_change_log_read_age_seconds: gauge(
    'Time since the log of changes that replicas share was last read to its end, as the primary of Redis has it.',
    ['region'],
  ),
  assay_denials_unconfirmed: gauge('Pairs of a denial in force and a replica that has not confirmed it in time.', [
    'region',
  ]),
  assay_jwks_mac_failure_total: counter('Shared records that were not believed.', [...keyLabels, 'reason']),
  assay_jwks_autonomous: gauge('1 while this replica decides alone, because Redis does not answer.', ['region']),
  assay_jwks_permits_withheld_total: counter(
    'Fetches that this replica made without a permit, because Redis had refused all of them for longer than other replicas can be the reason.',
    [...keyLabels, 'verdict'],
  ),
  assay_jwks_fleet_replicas: gauge('Replicas that were last seen in the region.', ['region']),
  assay_jwks_pubsub_gap_seconds: gauge('Time since anything was heard from the subscription.', ['region']),
  assay_jwks_redis_op_seconds: histogram('How long an operation of Redis took.', ['op', 'result'], redisSeconds),
  assay_jwks_redis_failures_total: counter(
    'Commands to Redis that failed, and connections that could not be made or kept.',
    ['role', 'reason'],
  ),
  assay_jwks_redis_breaker: gauge('1 while the connection is given up for a moment, 0 while it is used.', ['role']),
  assay_jwks_redis_clock_skew_seconds: gauge('How far the clock of Redis is ahead of ours, at least.', ['region']),
  // other regions, each with a Redis of its own
  assay_region_reachable: gauge('1 while another region reports to this replica, 0 while it does not.', [
    'region',
    'peer',
  ]),
  assay_region_report_age_seconds: gauge('Age of the latest report of another region. Absent before the first.', [
    'region',
    'peer',
  ]),
  assay_region_differences: gauge(
    'Things in which another region differs from this one, by its latest report; of denied keys that are too many to name, at least 1.',
    ['region', 'peer', 'what'],
  ),
  // tokens that only their issuer can read
  assay_upstream_introspections_total: counter(
    'Questions to issuers about their tokens, and what came of them; breaker_open and overloaded: not asked.',
    ['issuer', 'result'],
  ),
  assay_upstream_introspections_seconds: histogram('How long such a question took.', ['issuer'], upstreamSeconds),
  assay_upstream_introspections_spared_total: counter(
    'Tokens that their issuer was not asked about, because the answer was remembered or already waited for.',
    ['issuer', 'by'],
  ),
  assay_upstream_breaker_open: gauge('1 while an issuer is not asked about its tokens, because it fails.', ['issuer']),
  assay_upstream_limited_total: counter(
    'Questions about opaque tokens that were answered 429, because their caller has had too many of them asked.',
    ['caller'],
  ),
  assay_upstream_answers_remembered: gauge('Answers of issuers about tokens that are remembered.', ['answer']),
  assay_upstream_answers_displaced_total: counter(
    'Answers that were forgotten before their time, because there was no room for them.',
    ['answer'],
  ),
  assay_upstream_rechecks_skipped_total: counter(
    'JWTs that were accepted although their issuer could not be asked whether they still hold: `onUnknown: accept`.',
    ['issuer'],
  ),
  // what is remembered of tokens
  assay_verified_token_cache_lookups_total: counter('Tokens looked up among those whose signature is known.', [
    'result',
  ]),
  assay_verified_token_cache_entries: gauge('Tokens whose signature is known.', []),
  assay_verified_token_cache_bytes: gauge('Memory that they take, as it is counted.', []),
  assay_verified_token_cache_limit_bytes: gauge('Memory that they may take.', []),
  // this process
  assay_build_info: gauge('1; the labels say what runs.', ['version', 'node']),
  assay_ready: gauge('1 while requests are welcome.', []),
  assay_issuers: gauge('Registered issuers.', []),
  assay_callers: gauge('Registered callers.', []),
  // what auditors of machine identities ask
  assay_hygiene_findings: gauge(
    'Findings about what nobody rotates, uses or ends, by kind; the same at all replicas that share a Redis.',
    ['kind'],
  ),
  assay_hygiene_watched_since_timestamp_seconds: gauge(
    'When Assay began to watch what is used, since the epoch: what was used before that is not known.',
    [],
  ),
  assay_config_info: gauge('1; the label is the SHA-256 of the configuration file in force.', ['digest']),
  assay_config_included_files: gauge('Included files, by the version of them that is in force.', ['state']),
  assay_audit_lost_total: counter('Records that are missing in the audit trail.', ['kind']),
  assay_audit_unwritable: gauge('1 while the audit trail cannot be written.', []),
  assay_telemetry_exports_total: counter(
    'Exports of traces and of metrics by OTLP, with all their retries. Absent where nothing is exported.',
    ['signal', 'result'],
  ),
  assay_config_reload_total: counter('Attempts to reload the configuration.', ['result']),
  assay_config_last_reload_timestamp_seconds: gauge('When an attempt to reload last ended so, since the epoch.', [
    'result',
  ]),
  assay_event_loop_delay_seconds: gauge('How late the event loop was at its latest measurement, on average.', []),
  assay_event_loop_utilization_ratio: gauge('Part of the time since the start that the event loop was busy.', []),
  assay_process_cpu_seconds_total: counter('Processor time used.', []),
  assay_process_resident_memory_bytes: gauge('Memory that the process holds.', []),
  assay_process_heap_used_bytes: gauge('Memory that JavaScript objects take.', []),
  assay_process_start_time_seconds: gauge('When the process started, since the epoch.', []),
  ...standardMetrics,
} as const satisfies Readonly<Record<string, MetricTerms>>;
