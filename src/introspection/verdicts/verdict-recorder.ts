import type { Caller } from '../../callers/caller.js';
import { standardNames, tokenIdentity } from '../../claims/claim-names.js';
import { UseCounter } from '../../hygiene/use-counter.js';
import type { IssuerRegistry } from '../../issuers/issuer-registry.js';
import type { Host } from '../../telemetry/host.js';
import { subjectScopeOf, type SubjectScope } from '../../issuers/subject-scope.js';
import { registrationIdOf } from '../../shared/tenant-id.js';
import type { Rejection, RejectionCode } from '../../tokens/rejection.js';
import type { VouchedToken } from '../../tokens/introspected-token.js';
import type { Endpoint, RequestReport } from '../../transport/request-report.js';
import type { GoodToken } from '../../verification/good-token.js';
import { DoubtfulNames } from './doubtful-names.js';
import { LeakedProofKeys } from './leaked-proof-keys.js';
import { RefusalTally } from './refusal-tally.js';

/** The request that a verdict is for: the audit trail and the log have its name. */
export type JudgedRequest = Pick<RequestReport, 'requestId'>;

/** Where a verdict leaves. */
export type VerdictEndpoint = Exclude<Endpoint, 'revoke' | 'events' | 'metadata' | 'other'>;

/**
 * Records every verdict of every endpoint: for operators why a token was refused, and for the audit trail which key signed
 * what. An outage is not a verdict, and is not recorded here.
 */
export class VerdictRecorder {
  private readonly tally: RefusalTally;
  private readonly names: DoubtfulNames;
  private readonly leaked: LeakedProofKeys;

  constructor(
    private readonly host: Pick<Host, 'clock' | 'logger' | 'audit'>,
    private readonly issuers: Pick<IssuerRegistry, 'byId'>,
    private readonly uses: UseCounter = new UseCounter(),
  ) {
    this.tally = new RefusalTally(host.audit, host.clock);
    this.names = new DoubtfulNames(host.logger);
    this.leaked = new LeakedProofKeys(host);
  }

  /** A good token was answered for; a sample of these is written down. */
  allowed(endpoint: VerdictEndpoint, caller: Caller, { issuer, jwt }: GoodToken, { requestId }: JudgedRequest): void {
    const { audit } = this.host;
    this.names.see(jwt.claims, issuer, caller);
    this.uses.used(caller, issuer, jwt);
    if (!audit.takesSample()) return;
    audit.recordSoon(
      'decision',
      {
        door: endpoint,
        caller: caller.id,
        verdict: 'active',
        ...this.signed(issuer.id, subjectScopeOf(issuer, jwt.claims), jwt),
        request_id: requestId,
      },
      'sample',
    );
  }

  /** A token is not good, or none of this caller's business. */
  refused(endpoint: VerdictEndpoint, caller: Caller, rejection: Rejection, { requestId }: JudgedRequest): void {
    const { code: reason, detail, issuerId, tenant, signed } = rejection;
    this.uses.callers.refused(caller.id, reason);
    const issuer = issuerId === undefined ? undefined : registrationIdOf(issuerId);
    // What the caller never gets to know.
    const logged = { caller: caller.id, issuer, rejection: reason, detail, request_id: requestId };
    this.host.logger.info(logged, 'token is not active');
    if (reason === 'proof_private_key')
      this.leaked.see({ door: endpoint, caller: caller.id, ...(issuer !== undefined && { issuer }) });
    const registered = issuerId === undefined || !signed ? undefined : this.issuers.byId(issuerId);
    if (signed && registered) {
      this.names.see(signed.claims, registered, caller);
      if (isOfCaller(reason)) this.uses.withheld(caller, reason, registered, signed);
      else this.uses.lived(registered, signed.claims);
    }
    const fields = { door: endpoint, caller: caller.id, verdict: 'inactive', reason };
    if (signed && issuerId !== undefined && issuer !== undefined) {
      const scope = { issuer, ...(tenant !== undefined && { tenant }) };
      this.tally.write({ ...fields, ...this.signed(issuerId, scope, signed) }, { request_id: requestId });
    } else this.tally.count({ ...fields, ...(issuer === undefined ? {} : { issuer }) });
  }

  /** A good token does not suffice for what is asked. */
  insufficient(
    endpoint: VerdictEndpoint,
    caller: Caller,
    { issuer, jwt }: GoodToken,
    { requestId }: JudgedRequest,
  ): void {
    this.names.see(jwt.claims, issuer, caller);
    this.uses.insufficient(caller, issuer, jwt);
    const fields = { door: endpoint, caller: caller.id, verdict: 'denied', reason: 'insufficient_scope' };
    const signed = this.signed(issuer.id, subjectScopeOf(issuer, jwt.claims), jwt);
    this.tally.write({ ...fields, ...signed }, { request_id: requestId });
  }

  /** Writes down what was only counted so far. Nothing is decided any more. */
  stop(): void {
    this.tally.flush();
  }

  private signed(issuerId: string, scope: SubjectScope, { keyThumbprint: thumbprint, claims }: VouchedToken) {
    // Between two configurations an issuer may be gone.
    const { tokenId, subject } = tokenIdentity(claims, this.issuers.byId(issuerId)?.names ?? standardNames);
    const { audit } = this.host;
    const subHash = subject === undefined ? undefined : audit.hashOfSubject(subject);
    return {
      ...scope,
      // No key signs an opaque token: its issuer was asked.
      ...(thumbprint === undefined ? { vouchedBy: 'introspection' } : { thumbprint }),
      ...(tokenId !== undefined && { jtiHash: audit.hashOf(tokenId) }),
      ...(subHash !== undefined && { subHash }),
    };
  }
}

/** Whether a token is good, and only none of this caller's business. */
function isOfCaller(reason: RejectionCode): boolean {
  return reason.startsWith('caller_');
}
