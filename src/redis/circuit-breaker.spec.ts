import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { CircuitBreaker } from './circuit-breaker.js';

function opened(clock: FakeClock, changes: boolean[] = []): CircuitBreaker {
  const breaker = new CircuitBreaker(clock, (open) => changes.push(open));
  for (let i = 0; i < 3; i++) breaker.failed();
  return breaker;
}

describe('CircuitBreaker', () => {
  it('lets two failures pass and opens with the third', () => {
    const breaker = new CircuitBreaker(new FakeClock());
    breaker.failed();
    breaker.failed();
    expect(breaker.state).toBe('closed');
    breaker.failed();
    expect(breaker.state).toBe('open');
    expect(breaker.admit()).toBe(false);
  });

  it('counts failures in a row only', () => {
    const breaker = new CircuitBreaker(new FakeClock());
    for (let i = 0; i < 10; i++) {
      breaker.failed();
      breaker.failed();
      breaker.succeeded();
    }
    expect(breaker.state).toBe('closed');
  });

  it('admits one trial after the pause and closes when it succeeds', async () => {
    const clock = new FakeClock();
    const changes: boolean[] = [];
    const breaker = opened(clock, changes);
    await clock.advance(1_000);
    expect(breaker.state).toBe('trial');
    expect([breaker.admit(), breaker.admit()]).toEqual([true, false]);
    breaker.succeeded();
    expect(breaker.state).toBe('closed');
    expect(changes).toEqual([true, false]);
  });

  it('doubles the pause with each failed trial, up to ten seconds', async () => {
    const clock = new FakeClock();
    const breaker = opened(clock);
    const pauses: number[] = [];
    for (let i = 0; i < 6; i++) {
      let waited = 0;
      while (!breaker.admit()) {
        await clock.advance(500);
        waited += 500;
      }
      pauses.push(waited);
      breaker.failed();
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });

  it('does not lengthen the pause for calls that were under way when it opened', async () => {
    const clock = new FakeClock();
    const breaker = opened(clock);
    for (let i = 0; i < 50; i++) breaker.failed();
    await clock.advance(1_000);
    expect(breaker.admit()).toBe(true);
  });
});
