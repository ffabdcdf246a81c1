import type { HttpResponse } from '../transport/http/http-response.js';

/** What an action is answered with that has to reach others: replicas, or regions. */
export interface ReachAnswer {
  /** Whether there is a time by which all of them act accordingly. */
  readonly isPromised: boolean;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Sets the status of the answer: 202 (RFC 9110 §15.3.3) where no time can be promised.
 * @param done the status where it can
 * @returns the body
 */
export function giveReachAnswer({ isPromised, body }: ReachAnswer, done: 200 | 201, response: HttpResponse): object {
  response.statusCode = isPromised ? done : 202;
  return body;
}
