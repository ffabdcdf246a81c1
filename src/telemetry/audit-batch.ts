import type { Clock, Timer } from '../shared/clock.js';
import type { AuditWeight } from './audit.js';
import type { Logger } from './logger.js';
import { appendFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';

/** Only its owner reads it. */
const mode = 0o600;

/**
 * Where the lines of the audit trail end up. A file is opened for each write, so that it can be rotated by
 * renaming it, without a signal to this process.
 */
export class AuditFile {
  /** Absent: standard output. */
  path: string | undefined;

  /** @param print takes lines that belong on standard output */
  constructor(private readonly print: (lines: string) => void) {}

  /** @throws what the file system throws */
  write(lines: string): void {
    if (this.path === undefined) this.print(lines);
    else appendFileSync(this.path, lines, { mode });
  }

  /** The same, without keeping requests waiting. */
  async writeSoon(lines: string): Promise<void> {
    if (this.path === undefined) this.print(lines);
    else await appendFile(this.path, lines, { mode });
  }
}

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
  /** Makes the line that says in the trail itself how many samples are missing. */
  readonly dropped: (count: number) => string;
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
  private readonly lost = { dropped: 0, unwritten: 0 };
  private reportedMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly parts: AuditBatchParts) {}

  add(line: string, weight: AuditWeight): void {
    const isFull = this.size + line.length > MOST_WAITING;
    if (isFull && weight === 'sample') this.lost.dropped++;
    else if (isFull && !this.makeRoom()) this.lost.unwritten++;
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
    this.lost.unwritten += this.waiting.length;
    this.reportLosses();
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
    if (lines.length === 0) return;
    try {
      await file.writeSoon(lines.join(''));
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing)
        logger.error({ waiting: lines.length, error }, 'audit trail cannot be written; decisions wait');
      this.isFailing = true;
      const younger = this.take();
      for (const line of [...lines, ...younger]) this.push(line);
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
    try {
      this.parts.file.write(this.waiting.join(''));
    } catch {
      return false;
    }
    this.take();
    return true;
  }

  private reportLosses(): void {
    const { dropped, unwritten } = this.lost;
    if (dropped + unwritten === 0) return;
    this.parts.logger.error({ dropped, unwritten }, 'audit records of decisions are lost');
    if (dropped > 0) this.push(this.parts.dropped(dropped));
    this.lost.dropped = 0;
    this.lost.unwritten = 0;
    this.reportedMs = this.parts.clock.monoMs();
  }
}
