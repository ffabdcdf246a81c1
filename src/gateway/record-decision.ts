import type { Caller } from '../callers/caller.js';
import type { VerdictRecorder, VerdictEndpoint } from '../introspection/verdicts/verdict-recorder.js';
import type { RequestReport } from '../transport/request-report.js';
import type { Decision } from './authorizer.js';

/** Where the decision about a request of a proxy is recorded: the report of the request, and the verdicts. */
export interface DecisionRecords {
  readonly report: RequestReport;
  readonly decisions: VerdictRecorder;
}

/** Records what was decided about a token; where there was none, nothing was decided about one. */
export function recordDecision(
  { report, decisions }: DecisionRecords,
  endpoint: VerdictEndpoint,
  caller: Caller,
  decision: Decision,
): void {
  if (decision.allowed) {
    if (!decision.token) return;
    report.accepted(decision.token.issuer.id);
    decisions.allowed(endpoint, caller, decision.token, report);
  } else if (decision.rejection) {
    report.rejected(decision.rejection);
    decisions.refused(endpoint, caller, decision.rejection, report);
  } else if (decision.token) {
    report.accepted(decision.token.issuer.id, 'insufficient_scope');
    decisions.insufficient(endpoint, caller, decision.token, report);
  }
}
