/** A value that stays, or one for each moment, in minutes; `undefined`: there is no sample. */
export type Values = number | ((minute: number) => number | undefined);

/** One series of one replica, or of both. */
export interface Series {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly values: Values;
  /** Replica that has it; absent: both. */
  readonly at?: 'a' | 'b' | 'c';
}

const issuer = { issuer: 'corp', region: 'eu' };
const opaque = { issuer: 'hydra' };
const region = { region: 'eu' };
const asked = { door: 'introspect', caller: 'orders' };

/** A counter that begins at 0 and grows by so much a minute. */
export const growing =
  (perMinute: number): Values =>
  (minute) =>
    minute * perMinute;

/** A counter that is not there before it counts its first event. */
export const bornAt =
  (bornMinute: number, perMinute = 0): Values =>
  (minute) =>
    minute < bornMinute ? undefined : 1 + (minute - bornMinute) * perMinute;

/** A histogram: so many measurements a minute in all, of which so many are within the bound. */
export function histogram(
  name: string,
  labels: Readonly<Record<string, string>>,
  measured: { readonly le: string; readonly within: number; readonly all: number },
): readonly Series[] {
  const { le, within, all } = measured;
  return [
    { name: `${name}_bucket`, labels: { ...labels, le }, values: growing(within) },
    { name: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, values: growing(all) },
    { name: `${name}_count`, labels, values: growing(all) },
  ];
}

/** Two replicas in good health, with one issuer that is asked every five minutes. */
export const healthySeries: readonly Series[] = [
  { name: 'up', values: 1 },
  { name: 'assay_ready', values: 1 },
  ...['dropped', 'unwritten'].map((kind) => ({ name: 'assay_audit_lost_total', labels: { kind }, values: 0 })),
  { name: 'assay_audit_unwritable', values: 0 },
  ...['traces', 'metrics'].flatMap((signal) => [
    { name: 'assay_telemetry_exports_total', labels: { signal, result: 'success' }, values: growing(1) },
    { name: 'assay_telemetry_exports_total', labels: { signal, result: 'failure' }, values: 0 },
  ]),
  { name: 'assay_event_loop_delay_seconds', values: 0.001 },
  { name: 'assay_build_info', values: 1 },
  { name: 'process_open_fds', values: 100 },
  { name: 'process_max_fds', values: 1_000 },
  { name: 'assay_config_last_reload_timestamp_seconds', labels: { result: 'failure' }, values: 100 },
  { name: 'assay_config_last_reload_timestamp_seconds', labels: { result: 'success' }, values: 160 },
  { name: 'assay_config_included_files', labels: { state: 'current' }, values: 3 },
  ...['last_good', 'refused'].map((state) => ({ name: 'assay_config_included_files', labels: { state }, values: 0 })),
  { name: 'assay_jwks_age_seconds', labels: issuer, values: (minute) => (minute % 5) * 60 },
  { name: 'assay_jwks_hard_ttl_seconds', labels: issuer, values: 14_400 },
  ...['COLD', 'FRESH', 'DUE', 'STALE', 'EXPIRED'].map((state) => ({
    name: 'assay_jwks_state',
    labels: { ...issuer, state },
    values: Number(state === 'FRESH'),
  })),
  { name: 'assay_upstream_breaker_open', labels: opaque, values: 0 },
  ...Object.entries({ active: 60, inactive: 30, timeout: 1 }).map(([result, perMinute]) => ({
    name: 'assay_upstream_introspections_total',
    labels: { ...opaque, result },
    values: growing(perMinute),
  })),
  { name: 'assay_upstream_answers_displaced_total', labels: { answer: 'active' }, values: growing(1) },
  { name: 'assay_jwks_set_digest', labels: issuer, values: 265_665_706_286_452 },
  { name: 'assay_jwks_keys', labels: { ...issuer, state: 'active' }, values: 2 },
  { name: 'assay_jwks_keys', labels: { ...issuer, state: 'retiring' }, values: 0 },
  { name: 'assay_jwks_key_event_total', labels: { ...issuer, event: 'added' }, values: growing(0.01) },
  { name: 'assay_jwks_key_dropped_total', labels: { ...issuer, reason: 'kty_unsupported' }, values: growing(0.2) },
  { name: 'assay_jwks_kid_miss_total', labels: { ...issuer, outcome: 'absent' }, values: growing(2) },
  {
    name: 'assay_jwks_fetch_total',
    labels: { ...issuer, kind: 'refresh', result: 'unchanged' },
    values: (minute) => Math.floor(minute / 5),
    at: 'a',
  },
  ...histogram('assay_jwks_fetch_seconds', issuer, { le: '2', within: 0.2, all: 0.2 }),
  ...histogram('assay_jwks_propagation_seconds', issuer, { le: '3', within: 0.2, all: 0.2 }),
  { name: 'assay_jwks_autonomous', labels: region, values: 0 },
  { name: 'assay_jwks_fleet_replicas', labels: region, values: 2 },
  { name: 'assay_jwks_pubsub_gap_seconds', labels: region, values: (minute) => (minute * 60) % 4 },
  { name: 'assay_jwks_redis_clock_skew_seconds', labels: region, values: -0.02 },
  { name: 'assay_jwks_redis_breaker', labels: { role: 'primary' }, values: 0 },
  { name: 'assay_requests_total', labels: { ...asked, outcome: 'active' }, values: growing(600) },
  { name: 'assay_requests_total', labels: { ...asked, outcome: 'inactive' }, values: growing(60) },
  { name: 'assay_requests_total', labels: { ...asked, outcome: 'refused' }, values: growing(6_000) },
  { name: 'assay_requests_total', labels: { ...asked, outcome: 'unavailable' }, values: growing(0.1) },
  ...histogram(
    'assay_request_duration_seconds',
    { ...asked, outcome: 'active' },
    { le: '0.05', within: 599, all: 600 },
  ),
  // Whoever names unknown keys waits; that is no trouble of the service.
  ...histogram('assay_request_duration_seconds', { ...asked, outcome: 'inactive' }, { le: '0.05', within: 1, all: 60 }),
];

/** The healthy series with these in their place, or beside them, once a minute, as `promtool` takes them. */
export function seriesWith(others: readonly Series[], untilMinute: number): readonly object[] {
  const byName = new Map<string, Values>();
  for (const series of [...healthySeries, ...others]) {
    for (const instance of series.at ? [series.at] : ['a', 'b']) byName.set(nameOf(series, instance), series.values);
  }
  const minutes = Array.from({ length: untilMinute + 1 }, (_, minute) => minute);
  return [...byName].map(([series, values]) => ({
    series,
    values: minutes.map((minute) => (typeof values === 'number' ? values : (values(minute) ?? '_'))).join(' '),
  }));
}

function nameOf({ name, labels = {} }: Series, instance: string): string {
  const all = { namespace: 'auth', job: 'assay', instance, ...labels };
  return `${name}{${Object.entries(all)
    .map(([label, value]) => `${label}="${value}"`)
    .join(', ')}}`;
}
