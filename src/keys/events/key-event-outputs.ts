import type { AuditAction } from '../../telemetry/audit.js';
import type { Host } from '../../telemetry/host.js';
import type { LogFields } from '../../telemetry/logger.js';
import type { OperatorSentence } from '../../telemetry/runbook-of-lines.js';
import type { CertificateDoubt } from '../../tokens/certificate-doubt.js';
import { alarmingReasons, type KeyEvent, type KeyEventOf } from './key-events.js';
import type { LatestAnswers } from './latest-answers.js';

/** A line of the log. Without fields of its own it has those of the event. */
type Line = (
  | { readonly level: 'warn' | 'error'; readonly sentence: OperatorSentence }
  | { readonly level: 'debug' | 'info'; readonly sentence: string }
) & { readonly fields?: LogFields };

/** What measures an event: the labels that every metric about an issuer has, and what is kept between events. */
export interface KeyEventMeter extends Pick<Host, 'metrics'> {
  readonly answers: LatestAnswers;
  readonly labels: { readonly issuer: string; readonly region: string };
}

/** An entry of the audit trail. */
type Entry = readonly [action: AuditAction, fields: LogFields];

/** What operators get of one kind of event; `undefined`: nothing of that sort. */
export interface Outputs<Event extends KeyEvent> {
  readonly log: ((event: Event) => Line) | undefined;
  readonly metric: ((event: Event, meter: KeyEventMeter) => void) | undefined;
  readonly audit: ((event: Event) => Entry | undefined) | undefined;
}

/**
 * What operators get of each event about keys, one row for each: a new event does not compile without its row. Keys are
 * named by thumbprint everywhere, because a `kid` is text that an issuer chose.
 */
export const keyEventOutputs: { readonly [Name in KeyEvent['event']]: Outputs<KeyEventOf<Name>> } = {
  fetched: {
    log: ({ result }) =>
      result === 'published' || result === 'unchanged'
        ? { level: 'debug', sentence: 'JWKS refreshed' }
        : { level: 'warn', sentence: 'JWKS refresh failed' },
    metric: ({ issuerId, kind, result, tookMs, size }, { metrics, labels, answers }) => {
      metrics.count('assay_jwks_fetch_total', { ...labels, kind, result });
      metrics.measure('assay_jwks_fetch_seconds', Math.max(0, tookMs) / 1_000, labels);
      if (size && result === 'published') metrics.measure('assay_jwks_fetch_bytes', size.bytes, labels);
      answers.fetched(issuerId, result, size);
    },
    audit: undefined,
  },
  key: {
    // When it was seen, and among which others, is in the audit trail.
    log: ({ issuerId, change, thumbprint }) => ({
      level: 'info',
      sentence: 'key of an issuer changed',
      fields: { issuer: issuerId, change, thumbprint },
    }),
    metric: countKeyEvent(({ change }) => change),
    audit: (event) => [`key_${event.change}`, auditedKey(event)],
  },
  dropped: {
    log: ({ reason }) =>
      alarmingReasons.has(reason)
        ? { level: 'error', sentence: 'issuer publishes secret key material; its keys must be replaced' }
        : { level: 'info', sentence: 'published keys are not used' },
    metric: ({ issuerId, reason, count }, { metrics, labels, answers }) => {
      answers.dropped(issuerId, count);
      metrics.count('assay_jwks_key_dropped_total', { ...labels, reason }, count);
    },
    audit: ({ issuerId: issuer, reason, count }) =>
      alarmingReasons.has(reason) ? ['secret_key_published', { issuer, reason, count }] : undefined,
  },
  doubted: {
    log: ({ reason }) => doubts[reason],
    metric: countKeyEvent(({ reason }) => reason),
    audit: undefined,
  },
  key_set_moved: {
    log: () => ({ level: 'warn', sentence: 'metadata of an issuer names another key set than before' }),
    metric: countKeyEvent(({ event }) => event),
    audit: ({ issuerId: issuer, from, to }) => ['key_set_moved', { issuer, from, to }],
  },
  record_refused: {
    log: () => ({ level: 'error', sentence: 'shared record rejected; check who may write to Redis' }),
    metric: ({ reason }, { metrics, labels }) => {
      metrics.count('assay_jwks_mac_failure_total', { ...labels, reason });
    },
    audit: ({ issuerId: issuer, reason }) => ['record_refused', { issuer, reason }],
  },
  missed: {
    log: undefined,
    metric: ({ outcome }, { metrics, labels }) => {
      metrics.count('assay_jwks_kid_miss_total', { ...labels, outcome });
    },
    audit: undefined,
  },
  unavailable: {
    log: undefined,
    metric: ({ reason }, { metrics, labels }) => {
      metrics.count('assay_introspect_unavailable_total', { ...labels, reason });
    },
    audit: undefined,
  },
  shed: {
    log: undefined,
    metric: (_event, { metrics, labels }) => {
      metrics.count('assay_jwks_shed_total', labels);
    },
    audit: undefined,
  },
  adopted: {
    log: undefined,
    metric: ({ afterMs }, { metrics, labels }) => {
      metrics.measure('assay_jwks_propagation_seconds', Math.max(0, afterMs) / 1_000, labels);
    },
    audit: undefined,
  },
  committed: {
    log: undefined,
    metric: ({ verdict }, { metrics, labels }) => {
      metrics.count('assay_jwks_commit_total', { ...labels, verdict });
    },
    audit: undefined,
  },
  removed_in_use: {
    log: () => ({ level: 'warn', sentence: 'key that signed tokens lately is not accepted any more' }),
    metric: countKeyEvent(({ event }) => event),
    audit: undefined,
  },
  key_contested: {
    log: ({ issuerId, ownerId, thumbprint }) => ({
      level: 'error',
      sentence:
        'two registrations with the same iss publish the same key; it counts only for the one that comes first in the configuration',
      fields: { issuer: issuerId, owner: ownerId, thumbprint },
    }),
    metric: countKeyEvent(({ event }) => event),
    audit: ({ issuerId: issuer, ownerId: owner, thumbprint }) => ['key_contested', { issuer, owner, thumbprint }],
  },
  mass_removal: {
    log: () => ({ level: 'warn', sentence: 'issuer withdrew half of its keys or more at once' }),
    metric: countKeyEvent(({ event }) => event),
    audit: undefined,
  },
  autonomous: {
    log: ({ entered }) =>
      entered
        ? { level: 'warn', sentence: 'shared store does not answer; this replica decides alone' }
        : { level: 'info', sentence: 'shared store answers again' },
    metric: undefined,
    audit: undefined,
  },
  clocks_apart: {
    log: ({ entered }) =>
      entered
        ? { level: 'error', sentence: 'clock of the shared store differs from ours; this replica stores nothing there' }
        : { level: 'info', sentence: 'clock of the shared store and ours agree again' },
    metric: undefined,
    audit: undefined,
  },
  permits_withheld: {
    log: () => ({
      level: 'warn',
      sentence: 'shared store has permitted no fetch for too long; this replica fetches without its permission',
    }),
    metric: ({ verdict }, { metrics, labels }) => {
      metrics.count('assay_jwks_permits_withheld_total', { ...labels, verdict });
    },
    audit: undefined,
  },
};

/** What is odd about keys that are used all the same. */
const doubts: Readonly<Record<CertificateDoubt, Line>> = {
  certificate_unreadable: {
    level: 'info',
    sentence: 'certificate (x5c) of a published key cannot be read; the key is still used',
  },
  certificate_mismatch: {
    level: 'warn',
    sentence: 'certificate (x5c) of a published key belongs to another key; the key is still used',
  },
  certificate_expired: { level: 'warn', sentence: 'certificate of a published key has expired; the key is still used' },
};

/** Counts an event among those that happen to keys, under this name. */
function countKeyEvent<Event extends KeyEvent>(nameOf: (event: Event) => string) {
  return (event: Event, { metrics, labels }: KeyEventMeter): void => {
    metrics.count('assay_jwks_key_event_total', { ...labels, event: nameOf(event) });
  };
}

function auditedKey({ issuerId, thumbprint, ...event }: KeyEventOf<'key'>): LogFields {
  const { firstSeenAtMs, lastSeenAtMs, digestBefore, digestAfter } = event;
  const seen = { firstSeen: iso(firstSeenAtMs), lastSeen: iso(lastSeenAtMs) };
  return { issuer: issuerId, thumbprint, ...seen, ...(digestBefore !== undefined && { digestBefore }), digestAfter };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
