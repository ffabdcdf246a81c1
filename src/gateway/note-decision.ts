import type { Caller } from '../callers/caller.js';
import type { Decisions, VerdictDoor } from '../introspection/decisions/decisions.js';
import type { Decision } from './authorizer.js';

/** Notes what a proxy was told about a token; where there was none, nothing was decided about one. */
export function noteDecision(decisions: Decisions, door: VerdictDoor, caller: Caller, decision: Decision): void {
  if (decision.allowed) decisions.allowed(door, caller, decision.token);
  else if (decision.rejection) decisions.refused(door, caller, decision.rejection);
  else if (decision.token) decisions.insufficient(door, caller, decision.token);
}
