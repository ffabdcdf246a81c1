import type { Caller } from '../../callers/caller.js';
import type { Clock } from '../../shared/clock.js';
import type { Audit } from '../../telemetry/audit.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Rejection } from '../../tokens/rejection.js';
import type { VerifiedJwt } from '../../tokens/verified-jwt.js';
import type { GoodToken } from '../../verification/token-verifier.js';
import { logInactive } from '../introspection-log.js';
import type { Door } from '../request-report.js';
import { RefusalTally } from './refusal-tally.js';

/** Where a verdict leaves. */
export type VerdictDoor = Exclude<Door, 'metadata' | 'other'>;

/** What {@link Decisions} works with. */
export interface DecisionParts {
  readonly logger: Logger;
  readonly audit: Audit;
  readonly clock: Clock;
}

/**
 * Where every door notes every verdict: why it refuses for operators, and which key signed what for those who have to know
 * later. An outage is not a verdict, and is not noted here.
 */
export class Decisions {
  private readonly tally: RefusalTally;

  constructor(private readonly parts: DecisionParts) {
    this.tally = new RefusalTally(parts.audit, parts.clock);
  }

  /** A good token was answered for; a sample of these is written down. */
  allowed(door: VerdictDoor, caller: Caller, { issuer, jwt }: GoodToken): void {
    const { audit } = this.parts;
    if (!audit.takesSample()) return;
    audit.recordSoon(
      'decision',
      { door, caller: caller.id, verdict: 'active', ...this.signed(issuer.id, jwt) },
      'sample',
    );
  }

  /** A token is not good, or none of this caller's business. */
  refused(door: VerdictDoor, caller: Caller, rejection: Rejection): void {
    const { code: reason, issuerId: issuer, signed } = rejection;
    logInactive(this.parts.logger, caller, rejection);
    const fields = { door, caller: caller.id, verdict: 'inactive', reason };
    if (signed && issuer !== undefined) this.tally.write({ ...fields, ...this.signed(issuer, signed) });
    else this.tally.count({ ...fields, ...(issuer === undefined ? {} : { issuer }) });
  }

  /** A good token does not suffice for what is asked. */
  insufficient(door: VerdictDoor, caller: Caller, { issuer, jwt }: GoodToken): void {
    const fields = { door, caller: caller.id, verdict: 'denied', reason: 'insufficient_scope' };
    this.tally.write({ ...fields, ...this.signed(issuer.id, jwt) });
  }

  /** Writes down what was only counted so far. Nothing is decided any more. */
  stop(): void {
    this.tally.flush();
  }

  private signed(issuer: string, { keyThumbprint: thumbprint, claims: { jti } }: VerifiedJwt) {
    return { issuer, thumbprint, ...(typeof jti === 'string' && { jtiHash: this.parts.audit.hashOf(jti) }) };
  }
}
