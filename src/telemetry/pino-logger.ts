/** Writes the log as lines of JSON, masked and bounded. */
import { pino } from 'pino';
import { SystemClock, type Clock } from '../shared/clock.js';
import { LineBudget } from './line-budget.js';
import { Logger, type LogFields } from './logger.js';
import { mask, maskText } from './mask.js';
import { paragraphOf, type OperatorSentence } from './runbook-of-lines.js';
import { activeTrace } from './tracing/child-span.js';

/** Where log lines go; `process.stdout` is one. */
export interface LogDestination {
  write(line: string): unknown;
}

/** Least severe level that is written. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** How a {@link PinoLogger} writes. */
export interface LogOptions {
  readonly level: LogLevel;
  /** Default: standard output. */
  readonly destination?: LogDestination;
  /** A person is watching: aligned text instead of JSON. */
  readonly human?: boolean;
  /** Default: the host's. */
  readonly clock?: Pick<Clock, 'wallMs'>;
}

/**
 * One JSON object a line with `time` (ISO 8601), `level`, `msg`, the fields and, of a request that is traced, the ids of the span; everything
 * masked on the way. Lines of level `info`, which any client can cause, are bounded; how many were left out is written with the next such line.
 */
export class PinoLogger extends Logger {
  private readonly sink: pino.Logger;
  private readonly clock: Pick<Clock, 'wallMs'>;
  private readonly budget = new LineBudget();

  constructor({ level, destination, human = false, clock = new SystemClock() }: LogOptions) {
    super();
    this.clock = clock;
    const options: pino.LoggerOptions = {
      level,
      base: null,
      timestamp: timeMember(clock),
      formatters: { level: (label) => ({ level: label }) },
    };
    const out = destination ?? process.stdout;
    if (human) this.sink = pino(options, { write: (line) => void out.write(humanLine(line)) });
    else this.sink = destination ? pino(options, { write: (line) => void out.write(line) }) : pino(options);
  }

  /** Takes effect with the next line. */
  setLevel(level: LogLevel): void {
    this.sink.level = level;
  }

  override debug(fields: LogFields, sentence: string): void {
    this.write('debug', fields, sentence);
  }

  override info(fields: LogFields, sentence: string): void {
    for (const leftOut of this.budget.turn(this.clock.wallMs())) {
      this.write('info', { ...leftOut }, 'lines were left out: too many of one kind in a second');
    }
    const { caller } = fields;
    const kind = { sentence, caller: typeof caller === 'string' ? caller : undefined };
    if (this.budget.take(kind)) this.write('info', fields, sentence);
  }

  override warn(fields: LogFields, sentence: OperatorSentence): void {
    this.write('warn', fields, sentence);
  }

  override error(fields: LogFields, sentence: OperatorSentence): void {
    this.write('error', fields, sentence);
  }

  private write(level: LogLevel, fields: LogFields, sentence: string): void {
    if (!this.sink.isLevelEnabled(level)) return;
    this.sink[level](
      { ...(mask(fields) as object), ...activeTrace(), runbook: paragraphOf(sentence) },
      maskText(sentence),
    );
  }
}

/**
 * Writes the member `time` of a line in pino's form. A flood of refusals writes thousands of lines in the same second, of which
 * only the fraction has to be spelled.
 */
function timeMember(clock: Pick<Clock, 'wallMs'>): () => string {
  let second = NaN;
  let secondText = '';
  return () => {
    const nowMs = clock.wallMs();
    if (Math.floor(nowMs / 1000) !== second) {
      second = Math.floor(nowMs / 1000);
      secondText = new Date(nowMs).toISOString().slice(0, -'000Z'.length);
    }
    return `,"time":"${secondText}${String(nowMs % 1000).padStart(3, '0')}Z"`;
  };
}

/** One JSON log line, for a person at a terminal: `12:00:00 INFO  the sentence  key=value`. */
function humanLine(line: string): string {
  const { time, level, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const clockTime = String(time).slice(11, 19);
  const words = Object.entries(fields).map(([name, value]) => `${name}=${plain(value)}`);
  return [clockTime, String(level).toUpperCase().padEnd(5), quoted(msg).slice(1, -1), ...words].join(' ') + '\n';
}

/** Words stay bare; everything else is quoted and escaped, so that what a line says cannot move the cursor (H-13). */
function plain(value: unknown): string {
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value) ? value : quoted(value);
}

function quoted(value: unknown): string {
  return JSON.stringify(value);
}
