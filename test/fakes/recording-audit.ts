import { Audit, type AuditAction, type AuditState, type AuditWeight } from '../../src/telemetry/audit.js';
import type { LogFields } from '../../src/telemetry/logger.js';

/** What an audit trail was told. */
export interface AuditRecord {
  readonly action: AuditAction;
  readonly fields: LogFields;
  /** Absent: written at once. */
  readonly weight?: AuditWeight;
}

/** An audit trail that keeps what it is told. */
export class RecordingAudit extends Audit {
  readonly records: AuditRecord[] = [];
  /** What {@link takesSample} says. */
  isSampling = true;

  override record(action: AuditAction, fields: LogFields): void {
    this.records.push({ action, fields });
  }

  override recordSoon(action: AuditAction, fields: LogFields, weight: AuditWeight): void {
    this.records.push({ action, fields, weight });
  }

  override takesSample(): boolean {
    return this.isSampling;
  }

  readonly state: AuditState = { dropped: 0, unwritten: 0, isUnwritable: false };

  override hashOf(text: string): string {
    return `hash of ${text.length} characters ending in ${text.slice(-2)}`;
  }

  /** What {@link hashOfSubject} says; absent: subjects are not named. */
  subjectHash: ((subject: string) => string) | undefined;

  override hashOfSubject(subject: string): string | undefined {
    return this.subjectHash?.(subject);
  }

  /** The actions, in order. */
  get actions(): readonly AuditAction[] {
    return this.records.map(({ action }) => action);
  }
}
