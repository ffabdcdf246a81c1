/** Writes the audit trail as lines of JSON. */
import { createHmac, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import type { Clock } from '../shared/clock.js';
import { Audit, type AuditAction, type AuditState, type AuditWeight } from './audit.js';
import { AuditBatch, type LostRecords } from './audit-batch.js';
import { AuditFile, AuditUnwritten } from './audit-file.js';
import type { LogFields, Logger } from './logger.js';
import { mask } from './mask.js';
import { printBounded } from './standard-output.js';
import { subjectHash } from './subject-hash.js';
import { activeTraceId } from './tracing/child-span.js';

/** Where the audit trail goes, and what is in it. */
export interface AuditSettings {
  readonly enabled: boolean;
  /** File to append to; absent: standard output. */
  readonly file?: string;
  /** Share of active verdicts that are written down, 0 to 1. */
  readonly activeSampleRatio: number;
  /** Key of the keyed hashes; absent: one that this process makes up, so that hashes of two processes cannot be compared. */
  readonly hashKey?: string;
  /** Decisions name the subject of the token by a keyed hash. */
  readonly subHash?: boolean;
}

/** How the trail itself says what is missing in it. */
const gapActions = { dropped: 'decisions_dropped', unwritten: 'records_unwritten' } as const satisfies Record<
  keyof LostRecords,
  AuditAction
>;

/** RFC 2104 §3: as long as the hash. */
const HASH_KEY_BYTES = 32;

/** How a {@link JsonAudit} may be built otherwise. */
export interface JsonAuditOptions {
  /** Takes lines that belong on standard output; default: writes them there. @returns false: they are not taken now */
  readonly print?: (lines: string) => unknown;
  /** Which replica writes; stands in each line. */
  readonly replica?: string;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
}

/** One JSON object a line with `time`, `"stream":"audit"`, `action` and the fields; everything masked on the way. */
export class JsonAudit extends Audit {
  private settings: AuditSettings = { enabled: true, activeSampleRatio: 0 };
  private hashKey: KeyObject;
  private place: { readonly replica: string | undefined; readonly region?: string | undefined };
  private readonly ownHashKey = createSecretKey(randomBytes(HASH_KEY_BYTES));
  private readonly file: AuditFile;
  private readonly batch: AuditBatch;
  private readonly random: () => number;

  constructor(
    private readonly clock: Clock,
    private readonly logger: Logger,
    { print = printBounded, replica, random = Math.random }: JsonAuditOptions = {},
  ) {
    super();
    this.hashKey = this.ownHashKey;
    this.random = random;
    this.place = { replica };
    this.file = new AuditFile({ print, gap: () => this.line('records_unwritten', { count: 1 }) });
    const gap = (kind: keyof LostRecords, count: number, sinceMs: number): string =>
      this.line(gapActions[kind], { count, since: new Date(sinceMs).toISOString() });
    this.batch = new AuditBatch({ file: this.file, clock, logger, gap });
  }

  /**
   * Takes effect with the next record.
   * @param region of this replica; absent: there is none
   */
  configure(settings: AuditSettings, region?: string): void {
    this.settings = settings;
    this.place = { ...this.place, region };
    this.hashKey = settings.hashKey === undefined ? this.ownHashKey : createSecretKey(settings.hashKey, 'utf8');
    this.file.path = settings.file;
  }

  override record(action: AuditAction, fields: LogFields): void {
    this.report(action, mask(fields) as LogFields);
    if (!this.settings.enabled) return;
    const line = this.line(action, fields);
    try {
      this.file.write([line]);
    } catch (error) {
      this.logger.error({ action, ...fields, error }, 'audit record could not be written; here it is');
      for (const each of error instanceof AuditUnwritten ? error.lines : [line]) this.batch.add(each, 'evidence');
    }
  }

  override recordSoon(action: AuditAction, fields: LogFields, weight: AuditWeight): void {
    if (this.settings.enabled) this.batch.add(this.line(action, fields), weight);
  }

  override takesSample(): boolean {
    return this.settings.enabled && this.random() < this.settings.activeSampleRatio;
  }

  override hashOf(text: string): string {
    return createHmac('sha256', this.hashKey).update(text).digest('hex');
  }

  override hashOfSubject(subject: string): string | undefined {
    return this.settings.subHash ? subjectHash(this.hashKey, subject) : undefined;
  }

  /** Writes what waits. Nothing is recorded any more. */
  async close(): Promise<void> {
    await this.batch.close();
  }

  override get state(): AuditState {
    return { ...this.batch.losses, isUnwritable: this.batch.isUnwritable };
  }

  private line(action: AuditAction, fields: LogFields): string {
    const time = new Date(this.clock.wallMs()).toISOString();
    const masked = mask(fields) as object;
    return `${JSON.stringify({ time, stream: 'audit', action, ...this.place, ...masked, ...activeTraceId() })}\n`;
  }
}
