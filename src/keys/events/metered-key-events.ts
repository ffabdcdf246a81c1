import type { Metrics } from '../../telemetry/metrics/metrics.js';
import { KeyEvents, type KeyEvent } from './key-events.js';

/** What is known of the latest answer of an issuer. */
export interface LatestAnswer {
  /** Entries of the latest published set that are not used. */
  readonly dropped: number;
  readonly upstreamAgeMs: number;
}

const noAnswer: LatestAnswer = { dropped: 0, upstreamAgeMs: 0 };

/** Counts what happens to keys, and passes everything on. */
export class MeteredKeyEvents extends KeyEvents {
  /** Entries that the fetch under way does not use, by issuer. */
  private readonly dropping = new Map<string, number>();
  private readonly answers = new Map<string, LatestAnswer>();

  /** @param region empty where there is none */
  constructor(
    private readonly metrics: Metrics,
    private readonly region: string,
    private readonly next: KeyEvents,
  ) {
    super();
  }

  /** What the issuer answered when this replica fetched last. */
  latestAnswer(issuerId: string): LatestAnswer {
    return this.answers.get(issuerId) ?? noAnswer;
  }

  override report(event: KeyEvent): void {
    this.measure(event);
    this.next.report(event);
  }

  private measure(event: KeyEvent): void {
    const { metrics, region } = this;
    if (!('issuerId' in event)) return;
    const labels = { issuer: event.issuerId, region };
    switch (event.event) {
      case 'fetched':
        this.measureFetch(event);
        return;
      case 'key':
        metrics.count('assay_jwks_key_event_total', { ...labels, event: event.change });
        return;
      case 'key_set_moved':
      case 'removed_in_use':
      case 'mass_removal':
        metrics.count('assay_jwks_key_event_total', { ...labels, event: event.event });
        return;
      case 'dropped':
        this.dropping.set(event.issuerId, (this.dropping.get(event.issuerId) ?? 0) + event.count);
        metrics.count('assay_jwks_key_dropped_total', { ...labels, reason: event.reason }, event.count);
        return;
      case 'record_refused':
        metrics.count('assay_jwks_mac_failure_total', { ...labels, reason: event.reason });
        return;
      case 'missed':
        metrics.count('assay_jwks_kid_miss_total', { ...labels, outcome: event.outcome });
        return;
      case 'unavailable':
        metrics.count('assay_introspect_unavailable_total', { ...labels, reason: event.reason });
        return;
      case 'shed':
        metrics.count('assay_jwks_shed_total', labels);
        return;
      case 'adopted':
        metrics.measure('assay_jwks_propagation_seconds', Math.max(0, event.afterMs) / 1_000, labels);
        return;
      case 'committed':
        metrics.count('assay_jwks_commit_total', { ...labels, verdict: event.verdict });
    }
  }

  private measureFetch({ issuerId, kind, result, tookMs, size }: KeyEvent & { event: 'fetched' }): void {
    const { metrics } = this;
    const labels = { issuer: issuerId, region: this.region };
    metrics.count('assay_jwks_fetch_total', { ...labels, kind, result });
    metrics.measure('assay_jwks_fetch_seconds', Math.max(0, tookMs) / 1_000, labels);
    const dropped = this.dropping.get(issuerId) ?? 0;
    this.dropping.delete(issuerId);
    if (!size) return;
    const { bytes, upstreamAgeMs } = size;
    const isNew = result === 'published';
    // An unchanged set has the same unused entries as before, and no body.
    this.answers.set(issuerId, { dropped: isNew ? dropped : this.latestAnswer(issuerId).dropped, upstreamAgeMs });
    if (isNew) metrics.measure('assay_jwks_fetch_bytes', bytes, labels);
  }
}
