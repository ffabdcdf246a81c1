// The reference part of docs/metrics.md, made from the table that the program counts with, and from the sets that labels come from.

/** Groups of the table, by how their names begin; the first that fits. */
const groups = [
  ['Requests', /^assay_(requests|request|rejections|introspect)_/],
  ['By the names of OpenTelemetry', /^(http|rpc)_/],
  ['By the names of the client libraries of Prometheus', /^(process|nodejs)_/],
  ['Signals of providers', /^assay_signals?_/],
  ['Sharing keys', /^assay_jwks_(propagation|commit|mac|autonomous|permits|fleet|pubsub|redis)_?|^assay_denials_/],
  ['Fetching keys', /^assay_jwks_(fetch|upstream|backoff|waiters|shed)_?/],
  ['Keys of each issuer', /^assay_jwks_/],
  ['Other regions', /^assay_region_/],
  ['Opaque tokens', /^assay_upstream_/],
  ['Remembered tokens', /^assay_verified_token_cache_/],
  ['Hygiene', /^assay_hygiene_/],
  ['The process', /^assay_/],
];

export async function metricsReference() {
  const { metricTable } = await import('../dist/telemetry/metrics/metric-table.js');
  const values = await labelValues();
  const rest = new Map(Object.entries(metricTable));
  const sections = groups.map(([title, pattern]) => {
    const members = [...rest].filter(([name]) => pattern.test(name));
    for (const [name] of members) rest.delete(name);
    return `## ${title}\n\n${members.map(([name, terms]) => metric(name, terms, values)).join('\n')}`;
  });
  if (rest.size > 0) throw new Error(`in no group of docs/metrics.md: ${[...rest.keys()].join(', ')}`);
  return sections.join('\n');
}

function metric(name, { kind, description, labels, buckets, convention }, values) {
  const exported = convention ? ` Goes to a collector as \`${convention.name}\`, in ${convention.unit}.` : '';
  const lines = [`### ${name}`, '', `${kind}. ${description}${exported}`, ''];
  for (const label of labels) lines.push(`- \`${label.replaceAll('.', '_')}\`: ${valuesOf(name, label, values)}`);
  if (buckets) lines.push(`- buckets up to ${buckets.join(', ')}`);
  if (labels.length > 0 || buckets) lines.push('');
  return lines.join('\n');
}

function valuesOf(name, label, values) {
  const found = values[`${name} ${label}`] ?? values[label];
  if (found === undefined) throw new Error(`docs/metrics.md does not know the values of ${label} of ${name}`);
  return typeof found === 'string' ? found : found.map((value) => `\`${value}\``).join(', ');
}

async function labelValues() {
  const { rejectionCodes } = await import('../dist/tokens/rejection.js');
  const { keyFetchCategories } = await import('../dist/keys/source/key-fetch-failure.js');
  const { fetchReasons, missOutcomes } = await import('../dist/keys/events/key-events.js');
  const { undeterminedOutcomes } = await import('../dist/verification/unavailable-budget.js');
  const { jwkDefectReasons } = await import('../dist/tokens/jwk-defect.js');
  const { includeStates } = await import('../dist/shared/configuration/active-configuration.js');
  const { recordRefusals } = await import('../dist/redis/record-mac.js');
  const { redisFailures } = await import('../dist/redis/redis-failure.js');
  const { earlyEnds } = await import('../dist/transport/grpc/early-end.js');
  const { exportedSignals, exportResults } = await import('../dist/telemetry/export-results.js');
  const { revocationKinds } = await import('../dist/revocation/tokens/revocation.js');
  const { useOutcomes } = await import('../dist/proofs/proof-replay.js');
  const { endpoints, outcomes } = await import('../dist/transport/request-report.js');
  const { deliveries, signalOutcomes } = await import('../dist/signals/signal-states.js');
  const { eventNames } = await import('../dist/signals/events/event-types.js');
  const { discardReasons } = await import('../dist/signals/events/subject-identifiers.js');
  const { roundOutcomes } = await import('../dist/signals/streams/stream-keepers.js');
  const { findingKinds } = await import('../dist/hygiene/findings.js');
  const { differenceKinds } = await import('../dist/admin/regions/region-differences.js');
  const { upstreamResults } = await import('../dist/upstream/upstream-reporter.js');
  const { rememberedKinds } = await import('../dist/upstream/answer-memory.js');
  return {
    'http.request.method': 'a method that OpenTelemetry knows, else `_OTHER`',
    'http.route': 'path of a route of ours, as it is declared; empty for any other path',
    'http.response.status_code': 'the status; empty where there was no answer, or one without a meaning',
    'url.scheme': ['http', 'https'],
    'network.protocol.version': ['1.0', '1.1'],
    'error.type':
      'what went wrong: a status from 500 on (of a server that we ask: from 400 on), a code of gRPC, or how a fetch failed; empty where nothing did',
    'rpc.system.name': ['grpc'],
    'rpc.system': ['grpc'],
    'rpc.service': ['assay.v1.Introspection', 'envoy.service.auth.v3.Authorization'],
    'rpc_server_duration_milliseconds rpc.method': ['Introspect', 'Check'],
    'rpc.method': ['assay.v1.Introspection/Introspect', 'envoy.service.auth.v3.Authorization/Check'],
    'rpc.grpc.status_code': 'the number of the code: `0`, `16`, …',
    'rpc.response.status_code': 'the name of the code: `OK`, `UNAUTHENTICATED`, …',
    'server.address':
      'host of the URL that was asked: of the configuration, or of metadata that we hold to it; `_OTHER` beyond 1,000 servers',
    'server.port': 'its port',
    major: 'the parts of the version',
    minor: 'the parts of the version',
    patch: 'the parts of the version',
    'assay_upstream_introspections_total result': upstreamResults,
    'assay_upstream_introspections_spared_total by': ['memory', 'shared'],
    answer: rememberedKinds,
    'assay_signal_events_total event': eventNames,
    'assay_signal_discarded_total reason': discardReasons,
    'assay_signal_polls_total outcome': roundOutcomes,
    'assay_signals_total outcome': signalOutcomes,
    'assay_signals_refused_total reason': rejectionCodes,
    delivery: deliveries,
    stream: 'id of a registered signal',
    issuer:
      'id of a registered issuer, or `caller:` and the id of a caller that signs its own assertions; empty where there is none',
    'assay_hygiene_findings kind': findingKinds,
    'assay_audit_lost_total kind': ['dropped', 'unwritten'],
    'assay_revocations kind': revocationKinds,
    signal: exportedSignals,
    'assay_telemetry_exports_total result': exportResults,
    digest: 'SHA-256 of a file, in hexadecimal: one at a time',
    peer: '`name` of `admin.regions`',
    what: differenceKinds,
    region: '`redis.region`; empty where there is none',
    caller: 'id of a registered caller; empty where nobody was recognized',
    door: endpoints,
    outcome: outcomes,
    'assay_grpc_ended_early_total reason': earlyEnds,
    'assay_rejections_total reason': rejectionCodes,
    'assay_introspect_unavailable_total reason': ['cold', 'expired'],
    'assay_key_undetermined_total outcome': undeterminedOutcomes,
    'assay_proof_uses_total outcome': useOutcomes,
    'assay_jwks_state state': ['COLD', 'FRESH', 'DUE', 'STALE', 'EXPIRED'],
    'assay_jwks_keys state': ['active', 'retiring', 'returning', 'tombstoned', 'denied', 'dropped'],
    'assay_jwks_key_dropped_total reason':
      'why an entry is not used, such as `unsupported`, `malformed`, `private_material`, `symmetric`',
    'assay_jwks_key_event_total event':
      'what happened: `added`, `retiring`, `stayed`, `removed`, `returning`, `returned`, `kid_reused`, `removed_in_use`, `mass_removal`, `key_set_moved`, `key_contested`, `certificate_mismatch`, `certificate_unreadable`',
    'assay_jwks_kid_miss_total outcome': missOutcomes,
    'assay_jwks_fetch_total kind': fetchReasons,
    'assay_jwks_fetch_total result': ['published', 'unchanged', ...keyFetchCategories],
    'assay_jwks_fetch_last_timestamp_seconds result': ['attempt', 'success', 'failure'],
    'assay_jwks_commit_total verdict': ['OK', 'STALE', 'REBASE', 'TOO_OLD'],
    'assay_jwks_permits_withheld_total verdict': ['BUSY', 'BACKOFF', 'SPACED', 'FRESH', 'LIMITED'],
    'assay_jwks_mac_failure_total reason': recordRefusals,
    op: 'name of the operation, such as `load`, `acquire`, `commit`, `fences`, `beat`',
    'assay_jwks_redis_op_seconds result': ['ok', 'error'],
    role: ['primary', 'reader'],
    'assay_jwks_redis_failures_total reason': Object.keys(redisFailures),
    'assay_verified_token_cache_lookups_total result': ['hit', 'miss'],
    'assay_config_included_files state': includeStates,
    version: 'version of the program',
    node: 'version of Node',
    result: ['success', 'unchanged', 'failure'],
  };
}
