import type { Audit } from '../../telemetry/audit.js';
import type { LogFields } from '../../telemetry/logger.js';
import { alarmingReasons, KeyEvents, type KeyEvent } from './key-events.js';

/** Writes down what has to be known later about keys, and passes everything on. */
export class AuditedKeyEvents extends KeyEvents {
  /** Secret keys already written down, so that a set is not reported with every refresh. */
  private readonly reported = new Map<string, number>();

  constructor(
    private readonly audit: Audit,
    private readonly next: KeyEvents,
  ) {
    super();
  }

  override report(event: KeyEvent): void {
    this.write(event);
    this.next.report(event);
  }

  private write(event: KeyEvent): void {
    switch (event.event) {
      case 'key':
        this.audit.record(`key_${event.change}`, keyFields(event));
        return;
      case 'key_set_moved':
        this.audit.record('key_set_moved', { issuer: event.issuerId, from: event.from, to: event.to });
        return;
      case 'record_refused':
        this.audit.record('record_refused', { issuer: event.issuerId, reason: event.reason });
        return;
      case 'dropped':
        if (alarmingReasons.has(event.reason)) this.writeSecretKeys(event);
        return;
      case 'fetched':
      case 'missed':
      case 'unavailable':
      case 'shed':
      case 'adopted':
      case 'committed':
      case 'removed_in_use':
      case 'mass_removal':
      case 'autonomous':
      case 'clocks_apart':
        return;
    }
  }

  private writeSecretKeys({ issuerId: issuer, reason, count }: KeyEvent & { event: 'dropped' }): void {
    const drop = `${issuer} ${reason}`;
    if (this.reported.get(drop) === count) return;
    this.reported.set(drop, count);
    this.audit.record('secret_key_published', { issuer, reason, count });
  }
}

function keyFields({ issuerId, thumbprint, ...event }: KeyEvent & { event: 'key' }): LogFields {
  const { firstSeenAtMs, lastSeenAtMs, digestBefore, digestAfter } = event;
  const seen = { firstSeen: iso(firstSeenAtMs), lastSeen: iso(lastSeenAtMs) };
  return { issuer: issuerId, thumbprint, ...seen, ...(digestBefore !== undefined && { digestBefore }), digestAfter };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
