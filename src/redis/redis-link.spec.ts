import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { RedisLink, type RedisClient, RedisUnavailable } from './redis-link.js';

/** Resolves when all that can go on has gone on. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('RedisLink', () => {
  it('has 64 commands under way at most, and the others in their order', async () => {
    const link = new RedisLink({} as RedisClient, new FakeClock());
    const answers: (() => void)[] = [];
    const begun: number[] = [];
    const replies = Array.from({ length: 200 }, (_, i) =>
      link.run('load', () => {
        begun.push(i);
        return new Promise<number>((resolve) =>
          answers.push(() => {
            resolve(i);
          }),
        );
      }),
    );
    await settled();
    expect(begun).toHaveLength(64);
    answers[5]?.();
    await settled();
    expect(begun).toHaveLength(65);
    for (let i = 0; i < 200; i++) {
      answers[i]?.();
      await settled();
    }
    expect(begun).toEqual([...Array(200).keys()]);
    expect(await Promise.all(replies)).toEqual(begun);
  });

  it('fails what waits at once when the breaker opens: an outage costs one timeout, not one after the other', async () => {
    const link = new RedisLink({} as RedisClient, new FakeClock());
    const failures: (() => void)[] = [];
    const replies = Array.from({ length: 200 }, () =>
      link.run(
        'load',
        () =>
          new Promise((_, reject) =>
            failures.push(() => {
              reject(new Error('timeout'));
            }),
          ),
      ),
    );
    const outcomes = Promise.allSettled(replies);
    await settled();
    for (const fail of [...failures]) fail();
    for (const outcome of await outcomes)
      expect(outcome).toMatchObject({ reason: expect.any(RedisUnavailable) as Error });
    // Those that were under way, and the three that it takes to open at most.
    expect(failures.length).toBeLessThanOrEqual(64 + 3);
  });
});
