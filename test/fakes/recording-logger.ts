import { Logger, type LogFields } from '../../src/telemetry/logger.js';

/** One line of a log. */
export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly sentence: string;
  readonly fields: LogFields;
}

/** A logger that keeps what it is told. */
export class RecordingLogger extends Logger {
  readonly lines: LogLine[] = [];

  override debug(fields: LogFields, sentence: string): void {
    this.lines.push({ level: 'debug', sentence, fields });
  }

  override info(fields: LogFields, sentence: string): void {
    this.lines.push({ level: 'info', sentence, fields });
  }

  override warn(fields: LogFields, sentence: string): void {
    this.lines.push({ level: 'warn', sentence, fields });
  }

  override error(fields: LogFields, sentence: string): void {
    this.lines.push({ level: 'error', sentence, fields });
  }

  /** The sentences, in order. */
  get sentences(): readonly string[] {
    return this.lines.map(({ sentence }) => sentence);
  }
}
