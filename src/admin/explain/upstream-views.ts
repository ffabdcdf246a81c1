/** What an operator reads of an issuer that was asked about a token: which one, how, and where its answer came from. */
import type { IntrospectionStep } from '../../introspection/introspector.js';
import type { StepDetail } from './explanation.js';

type UpstreamStep = Extract<IntrospectionStep, { readonly step: 'upstream' | 'recheck' }>;

/** Whom it is asked of. */
export function askedView({ id, opaque }: UpstreamStep['issuer']): StepDetail {
  return { issuer: id, by: opaque.way.kind };
}

/** The issuer was asked whether a JWT still holds, or why not. */
export function recheckView({ issuer, origin, isUnknown }: UpstreamStep & { readonly step: 'recheck' }): StepDetail {
  const { recheck } = issuer.opaque;
  return {
    ...askedView(issuer),
    ...(recheck && { everySeconds: recheck.everyMs / 1_000, onUnknown: recheck.onUnknown }),
    ...(origin && { origin }),
    ...(isUnknown && { unknown: 'the issuer gave no answer, and onUnknown: accept takes what the keys say' }),
  };
}
