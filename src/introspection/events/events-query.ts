import { formPairs } from '../../transport/http/form.js';
import { OAuthError } from '../../transport/oauth-error.js';

/** Longest that a caller may wait for an event, in seconds: less than proxies on the way wait for an answer. */
const MOST_WAIT_SECONDS = 30;

/** What a caller asks of events. */
export interface EventsQuery {
  /** The place after which it wants them; absent: it only wants to know where to begin. */
  readonly after?: number;
  /** How long it waits where there is none yet. */
  readonly waitMs: number;
}

/**
 * Reads `after` and `wait`, written in one way only. What is misspelt is refused: a caller whose place is not read would take silence
 * for "nothing was revoked".
 * @param url target of the request
 * @throws {OAuthError} 400
 */
export function eventsQuery(url: string): EventsQuery {
  const values = new Map<string, string>();
  const start = url.indexOf('?');
  for (const [name, value] of start < 0 ? [] : formPairs(url.slice(start + 1))) {
    if (name !== 'after' && name !== 'wait') throw wrong('only after and wait are known');
    if (values.has(name)) throw wrong('after and wait are given once');
    values.set(name, value);
  }
  const after = wholeNumber(values.get('after'));
  const waitSeconds = wholeNumber(values.get('wait')) ?? 0;
  if (waitSeconds > MOST_WAIT_SECONDS) throw wrong(`wait is at most ${MOST_WAIT_SECONDS} seconds`);
  return { waitMs: waitSeconds * 1_000, ...(after !== undefined && { after }) };
}

function wholeNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = /^(?:0|[1-9]\d{0,15})$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw wrong('after and wait are whole numbers');
  return number;
}

function wrong(description: string): OAuthError {
  return new OAuthError('invalid_request', description);
}
