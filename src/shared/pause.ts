import { setImmediate } from 'node:timers/promises';
import type { Clock } from './clock.js';

/**
 * Gives the event loop back where long work has kept it for its turn, so that requests which come in meanwhile wait for no
 * more than a turn. To be awaited between parts of the work, each much shorter than a turn; costs next to nothing where the
 * turn is not over.
 */
export type Pause = () => Promise<void>;

/** How long work may keep the event loop before others have a turn, in milliseconds; one part may take longer. */
const TURN_MS = 1;

/** Pauses for work that begins now. */
export function pausesBy(clock: Clock): Pause {
  let endMs = clock.monoMs() + TURN_MS;
  return async () => {
    if (clock.monoMs() < endMs) return;
    await setImmediate();
    endMs = clock.monoMs() + TURN_MS;
  };
}

/** For work that keeps no request waiting: tests and tools. */
export const noPause: Pause = () => Promise.resolve();

/**
 * What `work` makes of each member, with a chance to pause before each. Left out is what it makes nothing of, and holes in
 * the list.
 */
export async function eachWithPauses<T, Result>(
  list: readonly T[],
  pause: Pause,
  work: (member: T, index: number) => Result | undefined,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let i = 0; i < list.length; i++) {
    await pause();
    const member = list[i];
    const result = member === undefined ? undefined : work(member, i);
    if (result !== undefined) results.push(result);
  }
  return results;
}
