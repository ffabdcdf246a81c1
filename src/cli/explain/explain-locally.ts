import { Explainer } from '../../admin/explain/explainer.js';
import type { StepDetail } from '../../admin/explain/explanation.js';
import { CallerDirectory } from '../../callers/registration/caller-directory.js';
import { ClaimValidator } from '../../claims/claim-validator.js';
import { Introspector } from '../../introspection/introspector.js';
import { ConfiguredIssuers } from '../../issuers/configured-issuers.js';
import { composeKeys } from '../../keys/compose-keys.js';
import { MemoryDeniedKeys } from '../../revocation/denied-keys.js';
import { DenyList } from '../../revocation/deny-list.js';
import type { Clock } from '../../shared/clock.js';
import { Audit, type AuditState } from '../../telemetry/audit.js';
import { SignatureChecks } from '../../verification/signature-checks.js';
import { TokenVerifier } from '../../verification/token-verifier.js';
import { UnavailableBudget } from '../../verification/unavailable-budget.js';
import { VerifiedTokenCache } from '../../verification/verified-token-cache.js';
import type { GoodConfiguration } from '../load-file.js';

/** A token, and the caller that is supposed to have asked about it. */
export interface Question {
  readonly token: string;
  readonly caller: string;
}

/**
 * Explains a token as a service with this configuration would that has just started and has no Redis: by the same code, with keys
 * that are fetched when the token needs them. What operators have denied or revoked at running services is not known here.
 */
export async function explainLocally(
  question: Question,
  { prepared }: GoodConfiguration,
  clock: Clock,
): Promise<StepDetail> {
  const issuers = new ConfiguredIssuers();
  issuers.replace(prepared.issuers);
  const callers = new CallerDirectory();
  callers.replace(prepared.callers.registered);
  const keys = composeKeys({ issuers, clock, events: { report: () => undefined } });
  const audit = new NoAudit();
  const denials = new DenyList({ store: new MemoryDeniedKeys(clock), clock, audit });
  const verifier = new TokenVerifier(
    issuers,
    keys,
    new ClaimValidator(clock),
    denials,
    new VerifiedTokenCache(0),
    new SignatureChecks(),
    new UnavailableBudget(),
    prepared.server.limits.token,
  );
  const freshnessOf = keys.freshnessOf.bind(keys);
  const parts = { introspector: new Introspector(verifier), callers, issuers, freshnessOf, denials };
  try {
    return await new Explainer(parts, { clock, audit }).explain({ id: 'command line', role: 'operator' }, question);
  } finally {
    keys.stop();
  }
}

/** Nothing is decided here that anybody will ask about. */
class NoAudit extends Audit {
  readonly state: AuditState = { dropped: 0, unwritten: 0, isUnwritable: false };

  override record(): void {
    // Nothing is kept.
  }

  override recordSoon(): void {
    // Nothing is kept.
  }

  override takesSample(): boolean {
    return false;
  }

  override hashOf(): string {
    return '';
  }

  override hashOfSubject(): undefined {
    return undefined;
  }
}
