import type { Logger } from './logger.js';

/**
 * What the framework says, in our log: the `LoggerService` of Nest, structurally.
 * Its chatter while it starts is for debugging; its warnings and errors are everybody's business.
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
