import { Audit, type AuditAction } from '../../src/telemetry/audit.js';
import type { LogFields } from '../../src/telemetry/logger.js';

/** An audit trail that keeps what it is told. */
export class RecordingAudit extends Audit {
  readonly records: { readonly action: AuditAction; readonly fields: LogFields }[] = [];

  override record(action: AuditAction, fields: LogFields): void {
    this.records.push({ action, fields });
  }

  /** The actions, in order. */
  get actions(): readonly AuditAction[] {
    return this.records.map(({ action }) => action);
  }
}
