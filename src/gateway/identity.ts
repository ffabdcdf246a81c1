import { grants, type Caller } from '../callers/caller.js';
import { answerIn, introspectionAnswer } from '../introspection/introspection-answer.js';
import type { Active } from '../introspection/introspector.js';
import { isJsonArray, type JsonObject, type JsonValue } from '../shared/json-value.js';
import type { AnswerForm } from '../verification/prepared-answer.js';
import { bytesOfValue } from '../verification/verified-token-cache.js';
import { identityHeaders, lastingHeaders, type IdentityHeaders } from './identity-headers.js';

/** What a good token says to a proxy and to what is behind it, as far as the caller in whose name it asks may see it. */
export interface Identity extends LastingIdentity {
  /** Until when the decision may be remembered, in seconds since the epoch. */
  readonly expiresSeconds: number;
}

/** All of it that does not depend on when it is asked for. */
interface LastingIdentity {
  /** As at introspection. */
  readonly answer: JsonObject;
  /** Of the audiences of the token those that are the caller's: which of them is meant, when a token names several. */
  readonly audiences: readonly string[];
  /** What the upstream is told. */
  readonly headers: IdentityHeaders;
}

const lastingForm: AnswerForm<Active, LastingIdentity> = {
  write: (active) => {
    const answer = introspectionAnswer(active);
    const audiences = audiencesOf(active.caller, answer['aud']);
    return { answer, audiences, headers: lastingHeaders(answer, audiences) };
  },
  bytesOf: ({ answer, headers }) => bytesOfValue(answer) + bytesOfValue(headers),
};

/** How long a decision may be remembered. */
export interface AnswerAge {
  readonly nowMs: number;
  readonly maxAgeMs: number;
}

/** @param age bounds how long it may be remembered, beside the end of the token itself */
export function identityOf(active: Active, { nowMs, maxAgeMs }: AnswerAge): Identity {
  const lasting = answerIn(active, lastingForm);
  const { exp } = lasting.answer;
  const bound = Math.floor((nowMs + maxAgeMs) / 1_000);
  const expiresSeconds = typeof exp === 'number' ? Math.min(exp, bound) : bound;
  return { ...lasting, headers: identityHeaders(lasting.headers, expiresSeconds), expiresSeconds };
}

function audiencesOf({ audiences }: Pick<Caller, 'audiences'>, aud: JsonValue | undefined): readonly string[] {
  const all = isJsonArray(aud) ? aud : [aud];
  return all.filter((each) => typeof each === 'string' && grants(audiences, each)) as readonly string[];
}
