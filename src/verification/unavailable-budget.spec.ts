import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { UnavailableBudget } from './unavailable-budget.js';

describe('UnavailableBudget', () => {
  let clock: FakeClock;
  let budget: UnavailableBudget;
  let reports: string[];

  beforeEach(() => {
    clock = new FakeClock();
    reports = [];
    const report = (...words: readonly string[]): void => void reports.push(words.join(' '));
    budget = new UnavailableBudget({ clock, report, mostPairs: 3 });
  });

  /** How many of so many answers could be given. */
  function affordable(times: number, caller = 'orders', issuer = 'corp'): number {
    return Array.from({ length: times }, () => budget.spend(caller, issuer)).filter(Boolean).length;
  }

  it('is twenty at once, and five a second from then on', async () => {
    expect(affordable(10_000)).toBe(20);
    await clock.advance(1_000);
    expect(affordable(100)).toBe(5);
    await clock.advance(60_000);
    expect(affordable(100)).toBe(20);
  });

  it('belongs to one caller and one issuer', () => {
    affordable(100);

    expect(affordable(100, 'billing')).toBe(20);
    expect(affordable(100, 'orders', 'other')).toBe(20);
  });

  it('does not take one pair for another whose names look the same in a row', () => {
    affordable(100, 'a b', 'c');

    expect(affordable(100, 'a', 'b c')).toBe(20);
  });

  it('remembers nobody for longer than they owe, and never more pairs than its bound', async () => {
    for (const caller of ['a', 'b', 'c', 'd', 'e']) affordable(20, caller);
    expect(budget.size).toBe(3);
    expect(affordable(1, 'd')).toBe(0);
    await clock.advance(4_000);

    expect(affordable(1, 'd')).toBe(1);
    expect(budget.size).toBe(1);
  });

  it('reports both outcomes', () => {
    affordable(21);

    expect(reports.slice(-2)).toEqual(['orders corp unavailable', 'orders corp inactive']);
  });
});
