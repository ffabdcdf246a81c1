import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../../test/fakes/fake-clock.js';
import { FailedAttempts } from './failed-attempts.js';

const burst = 10;
let clock: FakeClock;
let attempts: FailedAttempts;

beforeEach(() => {
  clock = new FakeClock();
  attempts = new FailedAttempts(clock, { burst, forgiveMs: 1000, entries: 100 });
});

/** What the last of so many failures is answered with. */
function failTimes(times: number, source: string | ((i: number) => string), clientId?: string): number {
  let wait = 0;
  for (let i = 0; i < times; i++) wait = attempts.failed(typeof source === 'string' ? source : source(i), clientId);
  return wait;
}

describe('FailedAttempts', () => {
  it('I-02 lets a source fail as often as the burst, then names a wait', () => {
    expect(failTimes(burst - 1, '192.0.2.1')).toBe(0);
    expect(failTimes(1, '192.0.2.1')).toBe(1);
    expect(failTimes(1, '192.0.2.2')).toBe(0);
  });

  it('I-02 counts guesses of one source that are spread over ids', () => {
    for (let i = 0; i < burst - 1; i++) expect(attempts.failed('192.0.2.1', `id-${i}`)).toBe(0);
    expect(attempts.failed('192.0.2.1', 'fresh')).toBe(1);
  });

  it('R6749-07 counts guesses of one id that are spread over sources', () => {
    expect(failTimes(burst - 1, (i) => `192.0.2.${i}`, 'orders')).toBe(0);
    expect(attempts.failed('198.51.100.1', 'orders')).toBe(1);
    expect(attempts.failed('198.51.100.1', 'billing')).toBe(0);
  });

  it('forgives one failure per interval of monotonic time', async () => {
    expect(failTimes(burst, '192.0.2.1')).toBe(1);
    clock.stepWall(3_600_000);
    expect(failTimes(1, '192.0.2.1')).toBe(1);
    await clock.advance(2000);
    expect(failTimes(1, '192.0.2.1')).toBe(0);
    expect(failTimes(1, '192.0.2.1')).toBe(1);
  });

  it('never asks for more than one interval, however many failures there were', () => {
    expect(failTimes(10_000, '192.0.2.1', 'orders')).toBe(1);
  });

  it('counts an IPv6 host by its /64, and an IPv4 address once however it is written', () => {
    expect(failTimes(burst, (i) => `2001:db8:1:2::${i}`)).toBe(1);
    expect(failTimes(1, '2001:db8:1:3::1')).toBe(0);
    failTimes(burst - 1, '::ffff:192.0.2.9');
    expect(failTimes(1, '192.0.2.9')).toBe(1);
    expect(failTimes(burst, 'not:an:address')).toBe(1);
  });

  it('counts overlong ids as one, and remembers a bounded number of sources', () => {
    const overlong = (i: number) => `${i}`.padEnd(300, 'x');
    for (let i = 0; i < burst - 1; i++) attempts.failed(`192.0.2.${i}`, overlong(i));
    expect(attempts.failed('192.0.2.200', overlong(99))).toBe(1);
    failTimes(burst, '198.51.100.1');
    for (let i = 0; i < 100; i++) attempts.failed(`203.0.113.${i}`, undefined);
    expect(failTimes(1, '198.51.100.1')).toBe(0);
  });
});
