import type { RequestReport } from '../introspection/request-report.js';
import type { Decision } from './authorizer.js';

/** Tells operators what a proxy was told. A request without a token has no verdict. */
export function reportDecision(report: RequestReport, decision: Decision): void {
  if (decision.allowed) report.accepted(decision.token.issuer.id);
  else if (decision.rejection) report.rejected(decision.rejection);
  else if (decision.token) report.accepted(decision.token.issuer.id, 'insufficient_scope');
}
