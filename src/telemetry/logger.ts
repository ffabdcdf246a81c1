/** Fields of a log line: small, bounded, never a token, a secret or a subject. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Logs a constant sentence with fields. */
export abstract class Logger {
  abstract debug(fields: LogFields, sentence: string): void;
  abstract info(fields: LogFields, sentence: string): void;
  abstract warn(fields: LogFields, sentence: string): void;
  abstract error(fields: LogFields, sentence: string): void;
}
