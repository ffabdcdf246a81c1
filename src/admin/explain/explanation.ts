/** Makes the list of steps that explains a verdict: which were passed, which one decided, which were not reached. */
import type { Rejection } from '../../tokens/rejection.js';

/** The steps of a verdict, in the order in which they are taken. */
export const stepNames = [
  'token',
  'issuer',
  'header',
  'keys',
  'plausibility',
  'look',
  'signature',
  'route',
  'upstream',
  'denial',
  'revocation',
  'claims',
  'recheck',
  'rights',
  'disclosure',
] as const;

/** One of {@link stepNames}. */
export type StepName = (typeof stepNames)[number];

/** Steps of opaque tokens, which only their issuer can read: they are left out of the explanation of any other token. */
const opaqueSteps: ReadonlySet<StepName> = new Set(['route', 'upstream']);

/** What is known of one step, for a JSON answer. */
export type StepDetail = Readonly<Record<string, unknown>>;

/** How one token was judged: at which step that ended, and what was seen in each step. */
export interface Course {
  /** The last step that was begun. */
  readonly last: StepName;
  readonly details: ReadonlyMap<StepName, StepDetail>;
}

/** How it ended: with a token that is shown, with one that is refused, or without a verdict. */
export type Ending = 'active' | 'inactive' | 'unknown';

/**
 * All steps: passed up to the last one, which decided, and not reached behind it. Where a key is known, the steps to an
 * unknown one are not needed.
 */
export function explainedSteps({ last, details }: Course, ending: Ending): readonly StepDetail[] {
  const isOpaque = details.has('route');
  const isLeftOut = (step: StepName): boolean =>
    (!isOpaque && opaqueSteps.has(step)) || (step === 'recheck' && !details.has(step));
  const steps = stepNames.filter((step) => !isLeftOut(step));
  const decisive = steps.indexOf(last);
  return steps.map((step, i) => {
    if (i > decisive) return { step, outcome: 'not_reached' };
    const detail = details.get(step);
    if (!detail && i < decisive) return { step, outcome: 'not_needed' };
    const outcome = i < decisive || ending === 'active' ? 'passed' : decisiveOutcome(ending);
    return { step, outcome, ...detail };
  });
}

/** Why, in short. */
export function refusalView({ code, detail }: Rejection): StepDetail {
  return { code, ...(detail === undefined ? {} : { detail }) };
}

function decisiveOutcome(ending: Exclude<Ending, 'active'>): string {
  return ending === 'inactive' ? 'refused' : 'unknown';
}
