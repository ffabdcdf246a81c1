import { KeyFetchFailure, type FetchPlace, type KeyFetchCategory } from '../../keys/source/key-fetch-failure.js';
import { isJsonArray, type JsonObject } from '../../shared/json-value.js';
import type { RegionAnswer } from './region-client.js';

/**
 * What became of an action in one region: it was done; it was refused; it failed; or there was no answer, so that nobody knows
 * whether it was done.
 */
export type OutcomeWord = 'done' | 'refused' | 'failed' | 'no_answer';

/** What became of an action in one region, and how far it reaches there. */
export interface RegionOutcome extends Partial<FetchPlace> {
  readonly name: string;
  readonly isOwn?: true;
  readonly outcome: OutcomeWord;
  /** Seconds within which it holds at every replica of the region. Absent: no time is promised. */
  readonly effectiveWithinSeconds?: number;
  /** Whether the store of the region has it. */
  readonly isShared?: boolean;
  /** Replicas of the region that have confirmed it, and that have not. */
  readonly confirmed?: number;
  readonly notConfirmed?: number;
  /** Why it was refused, or failed. */
  readonly code?: string;
  /** Why there is no answer. */
  readonly category?: KeyFetchCategory;
}

const codeShape = /^[a-z_]{1,40}$/;

/** What a region has answered to an action. Nothing of its texts is repeated, but for the code of a problem. */
export function outcomeIn(name: string, { status, body }: RegionAnswer): RegionOutcome {
  if (status >= 200 && status < 300) return { name, outcome: 'done', ...reachIn(body) };
  const { code } = body;
  const why = typeof code === 'string' && codeShape.test(code) ? { code } : {};
  return { name, outcome: status < 500 ? 'refused' : 'failed', ...why };
}

/** There is no answer, or none that we understand. */
export function noAnswer(name: string, error: unknown): RegionOutcome {
  const { category, place } = KeyFetchFailure.of(error);
  return { name, outcome: 'no_answer', category, ...place };
}

/** How far it reaches, of the answer of a region, ours or another. */
export function reachIn(body: JsonObject | Readonly<Record<string, unknown>>): Partial<RegionOutcome> {
  const { effectiveWithinSeconds: within, isShared, confirmedBy, notConfirmedBy } = body as JsonObject;
  return {
    ...(typeof within === 'number' && { effectiveWithinSeconds: within }),
    ...(typeof isShared === 'boolean' && { isShared }),
    ...(isJsonArray(confirmedBy) && { confirmed: confirmedBy.length }),
    ...(isJsonArray(notConfirmedBy) && { notConfirmed: notConfirmedBy.length }),
  };
}
