import type { LogFields, Logger } from '../../telemetry/logger.js';
import { alarmingReasons, KeyEvents, type KeyEvent } from './key-events.js';

/** Writes key events to the log. Keys are named by thumbprint: a `kid` is somebody else's text. */
export class LoggedKeyEvents extends KeyEvents {
  /** Drops already reported, so that the same set is not reported with every refresh. */
  private readonly reported = new Map<string, number>();

  constructor(private readonly logger: Logger) {
    super();
  }

  override report(event: KeyEvent): void {
    const { event: name, ...about } = event;
    const fields = fieldsOf(about);
    switch (name) {
      case 'fetched':
        if (event.result === 'published' || event.result === 'unchanged') this.logger.debug(fields, 'JWKS refreshed');
        else this.logger.warn(fields, 'JWKS refresh failed');
        return;
      case 'key':
        // When it was seen, and among which others, is in the audit trail.
        this.logger.info(keyFields(event), 'key of an issuer changed');
        return;
      case 'key_set_moved':
        this.logger.warn(fields, 'metadata of an issuer names another key set');
        return;
      case 'record_refused':
        this.logger.error(fields, 'shared record rejected; check who may write to Redis');
        return;
      case 'autonomous':
        if (event.entered) this.logger.warn(fields, 'shared store does not answer; this replica decides alone');
        else this.logger.info(fields, 'shared store answers again');
        return;
      case 'clocks_apart':
        this.logger.error(fields, 'clock of the shared store and ours are apart; ages of keys are wrong by as much');
        return;
      case 'removed_in_use':
        this.logger.warn(fields, 'key that signed tokens lately is not accepted any more');
        return;
      case 'mass_removal':
        this.logger.warn(fields, 'issuer withdrew half of its keys or more at once');
        return;
      case 'dropped':
        this.logDrop(event);
        return;
      case 'missed':
      case 'unavailable':
      case 'shed':
      case 'adopted':
      case 'committed':
        return;
    }
  }

  private logDrop({ issuerId: issuer, reason, count }: KeyEvent & { event: 'dropped' }): void {
    const drop = `${issuer} ${reason}`;
    if (this.reported.get(drop) === count) return;
    this.reported.set(drop, count);
    const fields = { issuer, reason, count };
    if (alarmingReasons.has(reason))
      this.logger.error(fields, 'issuer publishes secret key material; its keys must be replaced');
    else this.logger.info(fields, 'published keys are not used');
  }
}

/** What a line says of an event: an issuer has the same name there as in every other line. */
function fieldsOf(about: LogFields): LogFields {
  const { issuerId: issuer, ...rest } = about;
  return issuer === undefined ? rest : { issuer, ...rest };
}

function keyFields({ issuerId, change, thumbprint }: KeyEvent & { event: 'key' }): LogFields {
  return { issuer: issuerId, change, thumbprint };
}
