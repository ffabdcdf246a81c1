import { setImmediate } from 'node:timers/promises';
import type { Clock } from './clock.js';

/** Work that may pause wherever it yields: done {@link atOnce}, or {@link inTurns} with everything else. */
export type Steps<T> = Generator<void, T, void>;

/** How long such work may keep the event loop before others have a turn, in milliseconds; one step may take longer. */
const TURN_MS = 1;

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
