import type { AdminAnswer, AdminService } from './admin-world.js';
import { operator } from './admin-world.js';

/** One step of an explanation. */
export type ExplainedStep = Readonly<Record<string, unknown>> & { readonly step: string; readonly outcome: string };

/** One rule of a step about claims. */
export interface ExplainedRule {
  readonly rule: string;
  readonly source: string;
  readonly found: Readonly<Record<string, unknown>>;
  readonly expected: string;
  readonly holds: boolean;
  readonly code?: string;
}

/** What `POST /admin/v1/explain` answers. */
export interface Explanation {
  readonly caller: string;
  readonly verdict: 'active' | 'inactive' | 'unknown';
  readonly rejection?: { readonly code: string; readonly detail?: string; readonly step: string };
  readonly unavailable?: { readonly cause: string; readonly retryAfterSeconds: number };
  readonly steps: readonly ExplainedStep[];
}

export const EXPLAIN = '/admin/v1/explain';

/** Asks an operator's question. */
export function askToExplain(
  service: AdminService,
  token: string,
  caller: string,
  more: { readonly scope?: string } = {},
): Promise<AdminAnswer> {
  return service.ask('POST', EXPLAIN, { token: operator, body: { token, caller, ...more } });
}

/** The same, for an answer that has to be an explanation. */
export async function explain(
  service: AdminService,
  token: string,
  caller = 'orders-api',
  more: { readonly scope?: string } = {},
): Promise<Explanation> {
  const { status, text, body } = await askToExplain(service, token, caller, more);
  if (status !== 200) throw new Error(`${status} ${text}`);
  return body as unknown as Explanation;
}

/** The step with this name. */
export function stepOf({ steps }: Explanation, name: string): ExplainedStep {
  return steps.find(({ step }) => step === name)!;
}

/** The outcomes of all steps, by name. */
export function outcomesOf({ steps }: Explanation): Readonly<Record<string, string>> {
  return Object.fromEntries(steps.map(({ step, outcome }) => [step, outcome]));
}

/** The rule with this name, of the step about claims. */
export function ruleOf(explanation: Explanation, name: string, step = 'claims'): ExplainedRule {
  return (stepOf(explanation, step)['rules'] as readonly ExplainedRule[]).find(({ rule }) => rule === name)!;
}
