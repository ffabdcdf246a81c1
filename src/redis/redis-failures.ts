import type { Host } from '../telemetry/host.js';
import { LogThrottle } from '../telemetry/log-throttle.js';
import { failureOf, redisFailures, type RedisFailure } from './redis-failure.js';
import { isErrorReply } from './redis-link.js';

/** The same reason is said again this long after it was said, while it lasts: a client tries many times a minute. */
const WARNING_SPACING_MS = 300_000;

/** What goes away by itself, or is no more than one late answer: said only where the connection is given up. */
const passing: ReadonlySet<RedisFailure> = new Set(['refused', 'unreachable', 'timeout', 'dns', 'closed', 'other']);

/** Says why one connection to Redis fails: to the log, in a sentence with what to do about it, and to the metrics. */
export class RedisFailures {
  /** Why there is no connection, as far as it is known: a command that finds none has no reason of its own. */
  private latest: RedisFailure = 'closed';
  private isGivenUp = false;
  private readonly warnings: LogThrottle;

  constructor(
    private readonly role: 'primary' | 'reader',
    private readonly host: Pick<Host, 'clock' | 'logger' | 'metrics'>,
  ) {
    this.warnings = new LogThrottle(host.clock, { spacingMs: WARNING_SPACING_MS });
  }

  /** A connection could not be made, or has ended. */
  readonly connectionFailed = (error: unknown): void => {
    const found = failureOf(error);
    // That it is closed is what remains to be said when the reason has been said.
    if (found !== 'closed') this.latest = found;
    this.count(this.latest);
  };

  /** A command failed: refused by the server, too late, or there was no connection for it. */
  readonly commandFailed = (error: unknown): void => {
    const found = failureOf(error);
    if (found === 'closed') {
      this.count(this.latest);
      return;
    }
    // A reply proves that there is a connection, one that is late does not say why there is none.
    if (!isErrorReply(error)) this.latest = found;
    this.count(found);
  };

  /** There is a connection. */
  readonly connected = (): void => {
    this.latest = 'closed';
  };

  /** The connection is given up for a moment, or is used again. */
  readonly givenUp = (isGivenUp: boolean): void => {
    this.isGivenUp = isGivenUp;
    if (isGivenUp) {
      this.warn(this.latest);
      return;
    }
    this.warnings.reset();
    this.host.logger.info({ role: this.role }, 'Redis answers again');
  };

  private count(reason: RedisFailure): void {
    this.host.metrics.count('assay_jwks_redis_failures_total', { role: this.role, reason });
    if (this.isGivenUp || !passing.has(reason)) this.warn(reason);
  }

  private warn(reason: RedisFailure): void {
    if (this.warnings.admit(reason)) this.host.logger.warn({ role: this.role, reason }, redisFailures[reason]);
  }
}
