import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { atOnce, eachInSteps, inTurns, type Steps } from './steps.js';

/** A clock by which work takes time. */
class WorkClock extends FakeClock {
  spentMs = 0;
  override monoMs(): number {
    return this.spentMs;
  }
}

/** Work of ten steps, each of which takes so long, in milliseconds; tells of each. */
function* work(clock: WorkClock, takeMs: number, tell: (step: number) => void): Steps<string> {
  for (let i = 0; i < 10; i++) {
    tell(i);
    clock.spentMs += takeMs;
    yield;
  }
  return 'done';
}

describe('steps', () => {
  it('are done at once where nobody else needs a turn', () => {
    const done: number[] = [];
    expect(atOnce(work(new WorkClock(), 5, (step) => done.push(step)))).toBe('done');
    expect(done).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it.each([
    ['as many steps as fit into a turn of a millisecond', 0.25, [4, 4, 2]],
    ['one step, where it alone takes longer', 7, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]],
  ])('let others have a turn after %s', async (_what, takeMs, expected) => {
    const clock = new WorkClock();
    const turns: number[] = [];
    let steps = 0;
    const count = (): void => void (steps += 1);
    const working = inTurns(work(clock, takeMs, count), clock);
    for (let before = 0; steps > before;) {
      turns.push(steps - before);
      before = steps;
      await setImmediate();
    }
    expect(turns).toEqual(expected);
    expect(await working).toBe('done');
  });

  it('pause behind each member of a list, and leave out holes and what comes to nothing', () => {
    const list = ['a', '', 'b'];
    list[4] = 'c';
    const steps = eachInSteps(list, (text, i) => (text === '' ? undefined : `${text}${i}`));
    let pauses = 0;
    let step = steps.next();
    for (; !step.done; step = steps.next()) pauses += 1;
    expect([pauses, step.value]).toEqual([5, ['a0', 'b2', 'c4']]);
  });

  it('fail as the work does', async () => {
    function* broken(): Steps<never> {
      yield;
      throw new Error('broken');
    }
    expect(() => atOnce(broken())).toThrow('broken');
    await expect(inTurns(broken(), new FakeClock())).rejects.toThrow('broken');
  });
});
