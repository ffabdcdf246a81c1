import { undeterminedOutcomes } from '../../../src/verification/unavailable-budget.js';
import type { Endpoint, Outcome } from '../../../src/transport/request-report.js';
import { includeStates } from '../../../src/shared/configuration/active-configuration.js';
import type { ReloadResult } from '../../../src/config/reload-observer.js';
import type { FreshnessState } from '../../../src/keys/accepted/key-freshness.js';
import type { KeyChange } from '../../../src/keys/record/key-changes.js';
import type { KeyEvent, FetchReason, MissOutcome } from '../../../src/keys/events/key-events.js';
import { keyFetchCategories } from '../../../src/keys/source/key-fetch-failure.js';
import type { CommitVerdict } from '../../../src/keys/store/key-store.js';
import { findingKinds } from '../../../src/hygiene/findings.js';
import { recordRefusals } from '../../../src/redis/record-mac.js';
import { redisFailures } from '../../../src/redis/redis-failure.js';
import { exportedSignals, exportResults } from '../../../src/telemetry/export-results.js';
import type { MetricName } from '../../../src/telemetry/metrics/metrics.js';
import { certificateDoubts, type CertificateDoubt } from '../../../src/tokens/certificate-doubt.js';
import { jwkDefectReasons } from '../../../src/tokens/jwk-defect.js';
import { useOutcomes } from '../../../src/proofs/proof-replay.js';
import { rejectionCodes } from '../../../src/tokens/rejection.js';
import { rememberedKinds } from '../../../src/upstream/answer-memory.js';
import { upstreamResults } from '../../../src/upstream/upstream-reporter.js';
import type { AnswerOrigin } from '../../../src/upstream/upstream-step.js';

type Values = Readonly<Record<string, readonly string[]>>;

const asked: Values = {
  door: [
    'introspect',
    'revoke',
    'events',
    'authorize',
    'grpc_introspect',
    'ext_authz',
    'metadata',
    'other',
  ] satisfies Endpoint[],
  outcome: [
    'active',
    'inactive',
    'insufficient_scope',
    'answered',
    'refused',
    'limited',
    'unavailable',
    'failed',
  ] satisfies Outcome[],
};

const keyEvents: readonly (KeyChange['change'] | KeyEvent['event'] | CertificateDoubt)[] = [
  ...(['added', 'retiring', 'stayed', 'removed', 'returning', 'returned', 'kid_reused'] as const),
  ...(['key_set_moved', 'key_contested', 'removed_in_use', 'mass_removal'] as const),
  ...certificateDoubts,
];

/**
 * Values of labels that come from closed sets, by metric. A rule that asks for another one is quiet for ever, and no parser
 * minds. What the code does not know, does not compile here.
 */
export const knownLabelValues: Readonly<Partial<Record<MetricName, Values>>> = {
  assay_requests_total: asked,
  assay_request_duration_seconds: asked,
  assay_rejections_total: { reason: rejectionCodes },
  assay_hygiene_findings: { kind: findingKinds },
  assay_introspect_unavailable_total: {
    reason: ['cold', 'expired'] satisfies (KeyEvent & { event: 'unavailable' })['reason'][],
  },
  assay_key_undetermined_total: { outcome: undeterminedOutcomes },
  assay_upstream_introspections_total: { result: upstreamResults },
  assay_upstream_introspections_spared_total: { by: ['memory', 'shared'] satisfies AnswerOrigin[] },
  assay_upstream_answers_remembered: { answer: rememberedKinds },
  assay_upstream_answers_displaced_total: { answer: rememberedKinds },
  assay_proof_uses_total: { outcome: useOutcomes },
  assay_audit_lost_total: { kind: ['dropped', 'unwritten'] },
  assay_telemetry_exports_total: { signal: exportedSignals, result: exportResults },
  assay_jwks_state: { state: ['COLD', 'FRESH', 'DUE', 'STALE', 'EXPIRED'] satisfies FreshnessState[] },
  assay_jwks_keys: { state: ['active', 'retiring', 'returning', 'tombstoned', 'denied', 'dropped'] },
  assay_jwks_key_dropped_total: { reason: [...jwkDefectReasons, 'too_many', 'too_large'] },
  assay_jwks_key_event_total: { event: keyEvents },
  assay_jwks_kid_miss_total: {
    outcome: ['resolved', 'absent', 'failed', 'limited', 'backoff', 'gated', 'shed'] satisfies MissOutcome[],
  },
  assay_jwks_fetch_total: {
    kind: ['refresh', 'confirm', 'miss', 'cold', 'auto'] satisfies FetchReason[],
    result: ['published', 'unchanged', ...keyFetchCategories],
  },
  assay_jwks_fetch_last_timestamp_seconds: { result: ['attempt', 'success', 'failure'] },
  assay_jwks_commit_total: { verdict: ['OK', 'STALE', 'REBASE', 'TOO_OLD'] satisfies CommitVerdict[] },
  assay_jwks_mac_failure_total: { reason: recordRefusals },
  assay_jwks_redis_op_seconds: { result: ['ok', 'error'] },
  assay_jwks_redis_failures_total: { role: ['primary', 'reader'], reason: Object.keys(redisFailures) },
  assay_jwks_redis_breaker: { role: ['primary', 'reader'] },
  assay_config_included_files: { state: includeStates },
  assay_config_reload_total: { result: ['success', 'unchanged', 'failure'] satisfies ReloadResult[] },
  assay_config_last_reload_timestamp_seconds: {
    result: ['success', 'unchanged', 'failure'] satisfies ReloadResult[],
  },
};
