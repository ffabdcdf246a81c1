/** Whether a stream tells what happens: the state of one that says nothing must not look like a state in which nothing happens. */
import type { StreamState } from './stream-states.js';

/** How a stream is. A fixed set. `up` is the only good one. */
export const streamHealths = [
  'up',
  'held', // by an operator: nothing is taken
  'paused', // by its transmitter, which keeps what happens
  'disabled', // by its transmitter: its events are lost, and never sent
  'unreachable', // polls fail
  'silent', // it does not answer when it is asked whether it is alive
] as const;

/** One of {@link streamHealths}. */
export type StreamHealth = (typeof streamHealths)[number];

/** How long polls may fail before that is said. In milliseconds. */
const UNREACHABLE_AFTER_MS = 60_000;

/** Questions in a row that may stay without an answer. */
const PERIODS = 3;

/** What is expected of a stream. In milliseconds. */
export interface StreamExpectations {
  /** Since when this replica expects it, in wall time: before that it cannot be late. */
  readonly sinceMs: number;
  /** How often it is polled; absent: it is pushed. */
  readonly pollMs?: number | undefined;
  /** `verifyEvery`: how often it is to be asked whether it is alive; absent: never. */
  readonly verifyMs?: number | undefined;
}

/** How often a stream is asked in fact whether it is alive: its transmitter may not want to be asked as often as `verifyEvery` says. */
export function verificationPeriodMs(verifyMs: number, { minVerifyMs = 0 }: StreamState): number {
  return Math.max(verifyMs, minVerifyMs);
}

/** @param nowMs wall time since the epoch */
export function healthOf(
  state: StreamState,
  { sinceMs, pollMs, verifyMs }: StreamExpectations,
  nowMs: number,
): StreamHealth {
  if ((state.heldBy ?? '') !== '') return 'held';
  if (state.status === 'paused' || state.status === 'disabled') return state.status;
  const agoMs = (atMs = 0): number => nowMs - Math.max(atMs, sinceMs);
  if (pollMs !== undefined && agoMs(state.polledAtMs) > Math.max(UNREACHABLE_AFTER_MS, PERIODS * pollMs)) {
    return 'unreachable';
  }
  if (verifyMs === undefined) return 'up';
  return agoMs(state.verifiedAtMs) > PERIODS * verificationPeriodMs(verifyMs, state) ? 'silent' : 'up';
}
