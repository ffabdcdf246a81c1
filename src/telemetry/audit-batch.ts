import type { Clock, Timer } from '../shared/clock.js';
import type { AuditWeight } from './audit.js';
import { AuditUnwritten, type AuditFile } from './audit-file.js';
import type { Logger } from './logger.js';

/** How long a line waits for others, in milliseconds: what a process that is killed loses at most. */
export const BATCH_MS = 250;

/** Most that waits to be written, in UTF-16 code units: a disk that is full must not take the memory of the service. */
export const MOST_WAITING = 1_048_576;

/** How often losses are reported at most, in milliseconds: they happen with requests. */
export const REPORT_LOSSES_MS = 10_000;

/** What {@link AuditBatch} works with. */
export interface AuditBatchParts {
  readonly file: AuditFile;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Makes the line that says in the trail itself how many records of a kind are missing there, since when. */
  readonly gap: (kind: keyof LostRecords, count: number, sinceMs: number) => string;
}

/** How many records are missing: samples for which there was no room, and what a disk did not take. */
export interface LostRecords {
  readonly dropped: number;
  readonly unwritten: number;
}

/**
 * Lines on their way into the audit trail, many in one write, so that no request waits for a disk. Where a write fails the
 * lines stay and are tried again. Where there is no more room samples are dropped and counted, and evidence makes room: it
 * waits for the disk, or is counted as well where the disk does not take anything.
 */
export class AuditBatch {
  private waiting: string[] = [];
  private size = 0;
  private timer: Timer | undefined;
  private writing = Promise.resolve();
  private isFailing = false;
  private isClosing = false;
  /** Lost and not yet reported in the log. */
  private lost = { dropped: 0, unwritten: 0 };
  /** Lost, and the trail itself does not say so yet. */
  private readonly unsaid = { dropped: 0, unwritten: 0 };
  private unsaidSinceMs: number | undefined;
  private readonly allLost = { dropped: 0, unwritten: 0 };
  private reportedMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly parts: AuditBatchParts) {}

  /** Whether the file took nothing when it was last tried. */
  get isUnwritable(): boolean {
    return this.isFailing;
  }

  /** All that was lost since the start. */
  get losses(): LostRecords {
    return this.allLost;
  }

  add(line: string, weight: AuditWeight): void {
    const isFull = this.size + line.length > MOST_WAITING;
    if (isFull && weight === 'sample') this.lose('dropped', 1);
    else if (isFull && !this.makeRoom()) this.lose('unwritten', 1);
    else this.push(line);
    this.arm();
  }

  /** Tries to write everything that waits. Never rejects. */
  async flush(): Promise<void> {
    this.writing = this.writing.then(() => this.write());
    await this.writing;
  }

  /** The last flush: what cannot be written now never will be, and is reported in the log. */
  async close(): Promise<void> {
    // A flush that began after the last one would hold lines that nobody counts.
    this.isClosing = true;
    this.timer?.cancel();
    await this.flush();
    this.lose('unwritten', this.waiting.length);
    this.reportLosses();
    if (!this.isFailing) await this.writeGaps();
  }

  private push(line: string): void {
    this.waiting.push(line);
    this.size += line.length;
  }

  private arm(): void {
    if (this.isClosing) return;
    this.timer ??= this.parts.clock.after(BATCH_MS, () => {
      this.timer = undefined;
      void this.flush();
    });
  }

  private async write(): Promise<void> {
    const { file, clock, logger } = this.parts;
    if (clock.monoMs() - this.reportedMs >= REPORT_LOSSES_MS) this.reportLosses();
    const lines = this.take();
    try {
      if (lines.length > 0) await file.writeSoon(lines);
      else if (this.isFailing) return;
      this.isFailing = false;
      await this.writeGaps();
    } catch (error) {
      const unwritten = unwrittenOf(error, lines);
      if (!this.isFailing)
        logger.error({ waiting: unwritten.length, error }, 'audit trail cannot be written; its records wait in memory');
      this.isFailing = true;
      const younger = this.take();
      for (const line of [...unwritten, ...younger]) this.push(line);
      this.arm();
    }
  }

  private take(): readonly string[] {
    const lines = this.waiting;
    this.waiting = [];
    this.size = 0;
    return lines;
  }

  /** @returns false where the file takes nothing: then it is not even asked, because it is asked with every batch */
  private makeRoom(): boolean {
    if (this.isFailing) return false;
    const lines = this.take();
    try {
      this.parts.file.write(lines);
      return true;
    } catch (error) {
      for (const line of unwrittenOf(error, lines)) this.push(line);
      return false;
    }
  }

  private lose(kind: keyof LostRecords, count: number): void {
    if (count === 0) return;
    this.unsaidSinceMs ??= this.parts.clock.wallMs();
    this.lost[kind] += count;
    this.allLost[kind] += count;
  }

  private reportLosses(): void {
    const { lost, unsaid } = this;
    if (lost.dropped + lost.unwritten === 0) return;
    this.parts.logger.error({ ...lost }, 'audit records of decisions are lost');
    for (const kind of kinds) unsaid[kind] += lost[kind];
    this.lost = { dropped: 0, unwritten: 0 };
    this.reportedMs = this.parts.clock.monoMs();
  }

  /** Says in the trail what is missing there. Where that is not taken either, it is said later, with what was lost until then. */
  private async writeGaps(): Promise<void> {
    const { unsaid, unsaidSinceMs, parts } = this;
    for (const kind of kinds) {
      const count = unsaid[kind];
      if (count === 0) continue;
      try {
        await parts.file.writeSoon([parts.gap(kind, count, unsaidSinceMs ?? parts.clock.wallMs())]);
      } catch {
        return;
      }
      unsaid[kind] -= count;
    }
    if (this.lost.dropped + this.lost.unwritten === 0) this.unsaidSinceMs = undefined;
  }
}

const kinds = ['dropped', 'unwritten'] as const;

/** Which of these lines are not in the file. */
function unwrittenOf(error: unknown, lines: readonly string[]): readonly string[] {
  return error instanceof AuditUnwritten ? error.lines : lines;
}
