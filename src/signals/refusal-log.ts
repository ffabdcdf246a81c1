import type { Clock } from '../shared/clock.js';
import type { Audit } from '../telemetry/audit.js';
import { LogThrottle } from '../telemetry/log-throttle.js';
import type { Logger } from '../telemetry/logger.js';
import type { Rejection } from '../tokens/rejection.js';
import type { Delivery } from './signal-states.js';

/** Anybody may send what is refused: the same is written once in this time. In milliseconds. */
const QUIET_MS = 60_000;

/** Logs why signals are refused. Their senders do not learn the reason. */
export class RefusalLog {
  private readonly throttle: LogThrottle;

  constructor(private readonly tools: { readonly clock: Clock; readonly logger: Logger; readonly audit: Audit }) {
    this.throttle = new LogThrottle(tools.clock, { spacingMs: QUIET_MS });
  }

  /** @param issuer id of the registration whose signal it is */
  refused(signal: string, issuer: string, delivery: Delivery, { code, detail, signed }: Rejection): void {
    const isSigned = signed !== undefined;
    const { logger, audit } = this.tools;
    if (!this.throttle.admit(`${signal} ${code} ${String(isSigned)}`)) return;
    const fields = { signal, delivery, issuer, rejection: code, detail };
    if (!isSigned) {
      logger.info(fields, 'signal refused');
      return;
    }
    // The provider itself has sent it, now or earlier: something is registered wrongly on one of the two sides.
    logger.warn(
      fields,
      'signal refused although its signature is good: compare the signal in the configuration with what the provider has registered',
    );
    audit.record('signal_refused', { signal, delivery, issuer, reason: code });
  }
}
