import { setImmediate } from 'node:timers/promises';
import type { Clock } from './clock.js';

/** Work that may pause wherever it yields: done {@link atOnce}, or {@link inTurns} with everything else. */
export type Steps<T> = Generator<void, T, void>;

/** How long such work may keep the event loop before others have a turn, in milliseconds; one step may take longer. */
const TURN_MS = 1;

/**
 * What `work` makes of each member, with a pause behind each. Left out is what it makes nothing of, and holes in the list.
 */
export function* eachInSteps<T, Result>(
  list: readonly T[],
  work: (member: T, index: number) => Result | undefined,
): Steps<readonly Result[]> {
  const results: Result[] = [];
  for (let i = 0; i < list.length; i++) {
    const member = list[i];
    const result = member === undefined ? undefined : work(member, i);
    if (result !== undefined) results.push(result);
    yield;
  }
  return results;
}

/** Does the work without a pause: nothing else happens meanwhile. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Does the work a little at a time, so that requests which come in meanwhile wait for no more than a turn of it. */
export async function inTurns<T>(steps: Steps<T>, clock: Clock): Promise<T> {
  for (;;) {
    const endMs = clock.monoMs() + TURN_MS;
    do {
      const step = steps.next();
      if (step.done) return step.value;
    } while (clock.monoMs() < endMs);
    await setImmediate();
  }
}
