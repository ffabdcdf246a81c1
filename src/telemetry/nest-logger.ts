import type { Logger } from './logger.js';

/**
 * Writes what Nest logs into our log, so that there is one log with one form: it has the methods of Nest's `LoggerService`.
 * What Nest says of its own start is written at level debug; its warnings and errors keep their level.
 */
export class NestLogger {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: readonly unknown[]): void {
    this.logger.debug(fieldsOf(message, rest), 'framework message');
  }

  debug(message: unknown, ...rest: readonly unknown[]): void {
    this.logger.debug(fieldsOf(message, rest), 'framework message');
  }

  verbose(message: unknown, ...rest: readonly unknown[]): void {
    this.logger.debug(fieldsOf(message, rest), 'framework message');
  }

  warn(message: unknown, ...rest: readonly unknown[]): void {
    this.logger.warn(fieldsOf(message, rest), 'framework warning');
  }

  error(message: unknown, ...rest: readonly unknown[]): void {
    this.logger.error(fieldsOf(message, rest), 'framework error');
  }

  fatal(message: unknown, ...rest: readonly unknown[]): void {
    this.logger.error(fieldsOf(message, rest), 'framework error');
  }
}

/** Nest puts the name of the class that speaks last. */
function fieldsOf(message: unknown, rest: readonly unknown[]): Record<string, unknown> {
  const context = rest.at(-1);
  return { detail: message, ...(typeof context === 'string' ? { context } : {}) };
}
