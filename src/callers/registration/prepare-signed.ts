/** Checks what the configuration says of signed answers to a caller. */
import type { Place } from '../../shared/configuration/place.js';
import { signingAlgorithms, usualAlgorithm } from '../../signing/prepare-signing.js';
import type { SigningSection } from '../../signing/signing.config.js';
import type { AnswerSigning } from '../caller.js';
import type { UpstreamSigning } from './caller-directory.js';
import type { CallerSection, SignedSection } from './callers.config.js';

/** What signed answers of a caller depend on. */
interface SignedContext {
  /** Of the caller. */
  readonly place: Place;
  /** Keys of our own; absent: answers are not signed. */
  readonly signing: SigningSection | undefined;
}

/** How answers to a caller are signed. @returns `undefined` where they are not, or after reporting */
export function signedOf(
  { signed }: CallerSection,
  audience: string,
  { place, signing }: SignedContext,
): AnswerSigning | undefined {
  const terms = signed && signingOf(signed, place.at('signed'), signing);
  return terms && { ...terms, audience };
}

/** How what is behind the proxy of a profile gets the answer. @returns `undefined` where it does not, or after reporting */
export function upstreamOf(
  { upstream, signed = {} }: CallerSection,
  { place, signing }: SignedContext,
): UpstreamSigning | undefined {
  if (upstream === undefined) return undefined;
  const terms = signingOf(signed, place.at('upstream'), signing);
  return terms && { audience: upstream, alg: terms.alg };
}

/** @returns `undefined` after reporting */
function signingOf(
  { alg, required = false }: SignedSection,
  place: Place,
  signing: SigningSection | undefined,
): Pick<AnswerSigning, 'alg' | 'isRequired'> | undefined {
  if (!signing) {
    place.refuse('signed answers without keys', 'server.signing.keys, with which they are signed');
    return undefined;
  }
  const known = [...signingAlgorithms(signing)].join(', ');
  const chosen = alg ?? usualAlgorithm(signing);
  if (chosen === undefined) place.refuse('no alg, where several keys sign', `alg: one of ${known}`);
  else if (!signingAlgorithms(signing).has(chosen))
    place.at('alg').refuse(chosen, `what a key of server.signing signs with: ${known}`);
  return chosen && { alg: chosen, isRequired: required };
}
