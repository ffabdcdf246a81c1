/** Polling for security event tokens (RFC 8936): what is asked, and what the answer must be. */
import { KeyFetchFailure } from '../../keys/source/key-fetch-failure.js';
import { isJsonObject, type JsonObject } from '../../shared/json-value.js';
import type { SetError } from '../events/set-error.js';

/** Most tokens that one answer may bring: together they fit into the largest body that is read. */
export const MOST_SETS = 100;

/** What became of tokens that earlier answers have brought, by the names that these gave them. */
export interface PollReport {
  /** Their effect cannot be lost any more. */
  readonly acknowledged: readonly string[];
  readonly refused: ReadonlyMap<string, SetError>;
}

/**
 * The body of a request (§2.2). It does not wait for events: that would hold a connection for as long as nothing happens, and a transmitter
 * that does not honour it would be asked without a pause.
 */
export function pollBody(maxEvents: number, { acknowledged, refused }: PollReport): string {
  const setErrs = Object.fromEntries([...refused].map(([jti, error]) => [jti, error.body]));
  return JSON.stringify({
    maxEvents,
    returnImmediately: true,
    ...(acknowledged.length > 0 && { ack: acknowledged }),
    ...(refused.size > 0 && { setErrs }),
  });
}

/** What an answer brings. */
export interface PolledSets {
  /** Compact serializations by the names under which they are acknowledged. */
  readonly sets: readonly (readonly [jti: string, compact: string])[];
  readonly isMore: boolean;
}

/**
 * Reads an answer (§2.3). More tokens than were asked for are left for the next one.
 * @throws {KeyFetchFailure}
 */
export function readPollAnswer(answer: JsonObject | undefined, maxEvents: number): PolledSets {
  const { sets = {}, moreAvailable = false } = answer ?? {};
  if (!isJsonObject(sets) || typeof moreAvailable !== 'boolean') throw misformed();
  const all = Object.entries(sets).map(([jti, compact]) => {
    if (typeof compact !== 'string') throw misformed();
    return [jti, compact] as const;
  });
  return { sets: all.slice(0, maxEvents), isMore: moreAvailable || all.length > maxEvents };
}

function misformed(): KeyFetchFailure {
  return new KeyFetchFailure('json', 'the answer to a poll is not as RFC 8936 demands');
}
