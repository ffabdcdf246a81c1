import type { Clock } from '../../shared/clock.js';
import type { Audit } from '../../telemetry/audit.js';
import { LogThrottle } from '../../telemetry/log-throttle.js';
import type { LogFields, Logger } from '../../telemetry/logger.js';

/** The same alarm is written again after this long: a client that does it once does it with every request. */
const QUIET_MS = 60_000;

/** Most alarms that are told apart: by endpoint, caller and issuer, all of them from the configuration or fixed sets. */
const MOST_ALARMS = 1_000;

/**
 * Raises the alarm when a client sends its private key with a DPoP proof (RFC 9449 §4.3): the proof is refused, but everybody on the way has read the key, and
 * can prove with it whatever the client can.
 */
export class LeakedProofKeys {
  private readonly alarms: LogThrottle;

  constructor(private readonly host: { readonly clock: Clock; readonly logger: Logger; readonly audit: Audit }) {
    this.alarms = new LogThrottle(host.clock, { spacingMs: QUIET_MS, mostNames: MOST_ALARMS });
  }

  /** @param fields the endpoint, the caller, and the issuer that the token names; never anything of the proof */
  see(fields: LogFields & { readonly caller: string }): void {
    const { logger, audit } = this.host;
    if (!this.alarms.admit(JSON.stringify(fields))) return;
    logger.error(
      fields,
      'a client sends its private key with its DPoP proofs; its tokens and its key must be replaced',
    );
    audit.recordSoon('proof_key_leaked', fields, 'evidence');
  }
}
