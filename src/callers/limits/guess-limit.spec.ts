import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../test/fakes/fake-clock.js';
import { GuessLimit, guessTerms } from './guess-limit.js';
import type { CommonBudget, Lease, LeaseRequest } from './shared-meter.js';

/** What all replicas of a test pay from: without refill, and away when the test says so. */
class CountedBudget implements CommonBudget {
  asked = 0;
  isAway = false;

  constructor(private left: number) {}

  lease({ wanted }: LeaseRequest): Promise<Lease> {
    this.asked++;
    if (this.isAway) return Promise.reject(new Error('away'));
    const granted = Math.min(wanted, this.left);
    this.left -= granted;
    return Promise.resolve({ granted, waitMs: granted === 0 ? 60_000 : 0 });
  }
}

/** How many of so many wrong guesses are judged. */
async function judged(limit: GuessLimit, times: number): Promise<number> {
  let count = 0;
  for (let i = 0; i < times; i++) if ('isRight' in (await limit.judge(false))) count++;
  return count;
}

describe('GuessLimit', () => {
  it('judges a burst of wrong guesses, then one a minute, and not even a right one in between', async () => {
    const clock = new FakeClock();
    const limit = new GuessLimit(clock);
    expect(await judged(limit, 1_000)).toBe(guessTerms.burst);
    expect(await limit.judge(true)).toEqual({ waitMs: 60_000 });
    await clock.advance(59_999);
    expect(await limit.judge(true)).toEqual({ waitMs: 1 });
    await clock.advance(1);
    expect(await limit.judge(true)).toEqual({ isRight: true });
    expect(await judged(limit, 10)).toBe(1);
  });

  it('charges nothing for right ones', async () => {
    const limit = new GuessLimit(new FakeClock());
    for (let i = 0; i < 1_000; i++) expect(await limit.judge(true)).toEqual({ isRight: true });
    expect(await judged(limit, 1_000)).toBe(guessTerms.burst);
  });

  it('R6749-07 lets replicas judge together what one of them may', async () => {
    const [clock, budget] = [new FakeClock(), new CountedBudget(20)];
    const limits = [1, 2, 3].map(() => new GuessLimit(clock, budget));
    const counts = await Promise.all(limits.map((limit) => judged(limit, 100)));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(20);
    expect(await limits[0]!.judge(true)).toEqual({ waitMs: 60_000 });
  });

  it('judges no more when guesses come all at once', async () => {
    const budget = new CountedBudget(20);
    const limit = new GuessLimit(new FakeClock(), budget);
    const guesses = await Promise.all(Array.from({ length: 100 }, () => limit.judge(false)));
    expect(guesses.filter((guess) => 'isRight' in guess)).toHaveLength(3);
    expect(budget.asked).toBe(1);
  });

  it('asks no other machine about right ones, but for the first', async () => {
    const budget = new CountedBudget(20);
    const limit = new GuessLimit(new FakeClock(), budget);
    const together = await Promise.all(Array.from({ length: 50 }, () => limit.judge(true)));
    for (let i = 0; i < 50; i++) together.push(await limit.judge(true));
    expect(together.every((guess) => 'isRight' in guess && guess.isRight)).toBe(true);
    expect(budget.asked).toBe(1);
  });

  it('holds its own limit while the common budget is away, and does not begin anew with it', async () => {
    const [clock, budget] = [new FakeClock(), new CountedBudget(1_000_000)];
    const limit = new GuessLimit(clock, budget);
    expect(await judged(limit, 30)).toBe(30);
    budget.isAway = true;
    expect(await judged(limit, 1_000)).toBe(30);
    budget.isAway = false;
    await clock.advance(2_000);
    expect(await judged(limit, 1_000)).toBe(0);
    await clock.advance(58_000);
    expect(await judged(limit, 1_000)).toBe(1);
  });

  it('leaves a common budget that is away alone for a second', async () => {
    const [clock, budget] = [new FakeClock(), new CountedBudget(100)];
    budget.isAway = true;
    const limit = new GuessLimit(clock, budget);
    for (let i = 0; i < 10; i++) await limit.judge(true);
    expect(budget.asked).toBe(1);
    await clock.advance(1_000);
    await limit.judge(true);
    expect(budget.asked).toBe(2);
  });
});
