/** Decides whether an answer is sent as JSON or as a signed JWT (RFC 9701). */
import type { AnswerSigning } from '../../callers/caller.js';
import { OAuthError } from '../../transport/oauth-error.js';

/** The media type of a signed answer (RFC 9701 §4). */
export const signedAnswerType = 'application/token-introspection+jwt';

const plainType = 'application/json';

/**
 * Whether this answer is to be signed. The caller's registration allows it, and then its `Accept` chooses (RFC 9110 §12.5.1); a tie is plain.
 * @throws {OAuthError} 406 where the caller gets signed answers only, and does not take one
 */
export function isSignedFor(signing: AnswerSigning | undefined, accept: string | undefined): signing is AnswerSigning {
  if (!signing) return false;
  const quality = qualityOf(signedAnswerType, accept);
  if (!signing.isRequired) return quality > qualityOf(plainType, accept);
  if (quality > 0) return true;
  throw new OAuthError('invalid_request', 'this caller gets signed answers only', {
    status: 406,
    detail: `Accept leaves out ${signedAnswerType}`,
  });
}

/** Whether `accept` names the media type of signed answers itself. */
export function asksForSigned(accept = ''): boolean {
  return rangesIn(accept).some(({ range }) => range === signedAnswerType);
}

/** How much a media type is wanted, from 0 to 1: what the range says that fits it best. */
function qualityOf(type: string, accept: string | undefined): number {
  if (accept === undefined || accept.trim() === '') return 1;
  const ranges = rangesIn(accept);
  const fitting = [type, 'application/*', '*/*'].map((range) => ranges.find((one) => one.range === range));
  return fitting.find((one) => one !== undefined)?.quality ?? 0;
}

interface MediaRange {
  readonly range: string;
  readonly quality: number;
}

function rangesIn(accept: string): readonly MediaRange[] {
  return accept.split(',').map((written) => {
    const [range = '', ...parameters] = written.split(';').map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    return { range, quality: weight === undefined ? 1 : qualityIn(weight.slice(2)) };
  });
}

/** RFC 9110 §12.4.2; what is no quality is none at all. */
function qualityIn(text: string): number {
  return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(text) ? Number(text) : 0;
}
