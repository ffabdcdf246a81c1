import { grants, type Caller } from '../callers/caller.js';
import { introspectionAnswer } from '../introspection/introspection-answer.js';
import type { Active } from '../introspection/introspector.js';
import { isJsonArray, type JsonObject, type JsonValue } from '../shared/json-value.js';

/** What a good token says to a proxy and to what is behind it, as far as the caller in whose name it asks may see it. */
export interface Identity {
  /** As at introspection. */
  readonly answer: JsonObject;
  /** Of the audiences of the token those that are the caller's: which of them is meant, when a token names several. */
  readonly audiences: readonly string[];
  /** Until when the decision may be remembered, in seconds since the epoch. */
  readonly expiresSeconds: number;
}

/** How long a decision may be remembered. */
export interface AnswerAge {
  readonly nowMs: number;
  readonly maxAgeMs: number;
}

/** @param age bounds how long it may be remembered, beside the end of the token itself */
export function identityOf(active: Active, { nowMs, maxAgeMs }: AnswerAge): Identity {
  const answer = introspectionAnswer(active);
  const { exp } = answer;
  const bound = Math.floor((nowMs + maxAgeMs) / 1_000);
  return {
    answer,
    audiences: audiencesOf(active.caller, answer['aud']),
    expiresSeconds: typeof exp === 'number' ? Math.min(exp, bound) : bound,
  };
}

function audiencesOf({ audiences }: Pick<Caller, 'audiences'>, aud: JsonValue | undefined): readonly string[] {
  const all = isJsonArray(aud) ? aud : [aud];
  return all.filter((each) => typeof each === 'string' && grants(audiences, each)) as readonly string[];
}
