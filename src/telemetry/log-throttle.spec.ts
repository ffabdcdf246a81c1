import { expect, it } from 'vitest';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { LogThrottle } from './log-throttle.js';

const spacingMs = 60_000;

it('lets the same through once in its time, however often it is asked', async () => {
  const clock = new FakeClock();
  const throttle = new LogThrottle(clock, { spacingMs });
  expect([throttle.admit('a'), throttle.admit('a'), throttle.admit('b')]).toEqual([true, false, true]);
  await clock.advance(spacingMs - 1);
  expect(throttle.admit('a')).toBe(false);
  await clock.advance(1);
  expect([throttle.admit('a'), throttle.admit('a')]).toEqual([true, false]);
});

it('begins anew when it is told so, and when it would remember too many names', () => {
  const throttle = new LogThrottle(new FakeClock(), { spacingMs, mostNames: 2 });
  for (const name of ['a', 'b']) expect(throttle.admit(name)).toBe(true);
  expect([throttle.admit('a'), throttle.admit('c'), throttle.admit('a')]).toEqual([false, true, true]);
  throttle.reset();
  expect(throttle.admit('c')).toBe(true);
});
