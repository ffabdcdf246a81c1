/** What an operator reads of an issuer that was asked about a token: which one, by what, and where its answer came from. */
import type { IntrospectionStep } from '../../introspection/introspector.js';
import type { StepDetail } from './explanation.js';

type AskingStep = Extract<IntrospectionStep, { readonly step: 'upstream' | 'recheck' }>;

const taken = 'the issuer gave no answer, and onUnknown: accept takes what the keys say';

/** For `recheck` also how long an answer counts, and what happens to the token when there is none. */
export function upstreamStepView(step: AskingStep): StepDetail {
  const { issuer, origin } = step;
  const { way, recheck } = issuer.opaque;
  const asked = { issuer: issuer.id, by: way.kind, ...(origin && { origin }) };
  if (step.step === 'upstream') return asked;
  return {
    ...asked,
    ...(recheck && { everySeconds: recheck.everyMs / 1_000, onUnknown: recheck.onUnknown }),
    ...(step.isUnknown && { unknown: taken }),
  };
}
