import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { eachWithPauses, noPause, pausesBy } from './pause.js';

/** A clock by which work takes time. */
class WorkClock extends FakeClock {
  spentMs = 0;
  override monoMs(): number {
    return this.spentMs;
  }
}

describe('a pause', () => {
  it.each([
    ['as many parts as fit into a turn of a millisecond', 0.25, [4, 4, 2]],
    ['one part, where it alone takes longer', 7, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]],
  ])('lets others have a turn after %s', async (_what, takeMs, expected) => {
    const clock = new WorkClock();
    const pause = pausesBy(clock);
    let turn = 0;
    let isDone = false;
    const count = (): void => {
      turn += 1;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    const turns: number[] = [];
    for (let i = 0; i < 10; i++) {
      turns.push(turn);
      clock.spentMs += takeMs;
      await pause();
    }
    isDone = true;
    expect([...Map.groupBy(turns, (each) => each).values()].map(({ length }) => length)).toEqual(expected);
  });

  it('comes before each member of a list, which leaves out holes and what comes to nothing', async () => {
    const list = ['a', '', 'b'];
    list[4] = 'c';
    let pauses = 0;
    const pause = async (): Promise<void> => void (pauses += 1);
    const results = await eachWithPauses(list, pause, (text, i) => (text === '' ? undefined : `${text}${i}`));
    expect([pauses, results]).toEqual([5, ['a0', 'b2', 'c4']]);
  });

  it('is none where nobody waits', async () => {
    let turns = 0;
    setImmediate(() => (turns += 1));
    for (let i = 0; i < 100; i++) await noPause();
    expect(turns).toBe(0);
  });
});
