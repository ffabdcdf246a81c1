import { appendFileSync } from 'node:fs';
import type { Clock } from '../shared/clock.js';
import { Audit, type AuditAction } from './audit.js';
import type { LogFields, Logger } from './logger.js';
import { mask } from './mask.js';

/** Where the audit trail goes. */
export interface AuditSettings {
  readonly enabled: boolean;
  /** File to append to; absent: standard output. */
  readonly file?: string;
}

/** One JSON object a line with `time`, `"stream":"audit"`, `action` and the fields; everything masked on the way. */
export class JsonAudit extends Audit {
  private settings: AuditSettings = { enabled: true };

  /** @param write takes a line that belongs on standard output */
  constructor(
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly write: (line: string) => void = (line) => void process.stdout.write(line),
  ) {
    super();
  }

  /** Takes effect with the next record. */
  configure(settings: AuditSettings): void {
    this.settings = settings;
  }

  override record(action: AuditAction, fields: LogFields): void {
    if (!this.settings.enabled) return;
    const time = new Date(this.clock.wallMs()).toISOString();
    const masked = mask(fields) as object;
    const line = `${JSON.stringify({ time, stream: 'audit', action, ...masked })}\n`;
    try {
      // Synchronous and opened each time: records are rare, must not be lost with the process, and files are rotated.
      if (this.settings.file === undefined) this.write(line);
      else appendFileSync(this.settings.file, line, { mode: 0o600 });
    } catch (error) {
      this.logger.error({ action, ...masked, error }, 'audit record could not be written; here it is');
    }
  }
}
