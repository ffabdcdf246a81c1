import type { OperatorSentence } from './runbook-of-lines.js';

/** Fields of a log line: small, bounded, never a token, a secret or a subject; and none that the logger writes itself. */
export type LogFields = Readonly<Record<string, unknown>> & Readonly<Partial<Record<LoggersOwn, never>>>;

/** Members of a line that say when, how severe, what and where more is said. */
type LoggersOwn = 'time' | 'level' | 'msg' | 'runbook';

/** Logs a constant sentence with fields. An operator acts on lines of level warn and error: each of their sentences has a paragraph that says how. */
export abstract class Logger {
  abstract debug(fields: LogFields, sentence: string): void;
  abstract info(fields: LogFields, sentence: string): void;
  abstract warn(fields: LogFields, sentence: OperatorSentence): void;
  abstract error(fields: LogFields, sentence: OperatorSentence): void;
}
