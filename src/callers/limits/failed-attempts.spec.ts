import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../../test/fakes/fake-clock.js';
import { FailedAttempts } from './failed-attempts.js';

const burst = 10;
let clock: FakeClock;
let attempts: FailedAttempts;

beforeEach(() => {
  clock = new FakeClock();
  attempts = new FailedAttempts(clock, { burst, forgiveMs: 1000, provenMs: 60_000, entries: 100 });
});

function failTimes(times: number, source: string, clientId: string | undefined): void {
  for (let i = 0; i < times; i++) attempts.failed(source, clientId);
}

describe('FailedAttempts', () => {
  it('I-02 lets a source fail as often as the burst, then makes it wait', () => {
    failTimes(burst - 1, '192.0.2.1', 'orders');
    expect(attempts.waitSeconds('192.0.2.1', 'orders')).toBe(0);
    expect(attempts.failed('192.0.2.1', 'orders')).toBe(1);
    expect(attempts.waitSeconds('192.0.2.1', 'orders')).toBe(1);
    expect(attempts.waitSeconds('192.0.2.1', 'another')).toBe(1);
  });

  it('I-02 makes a source wait that spreads its guesses over ids', () => {
    for (let i = 0; i < burst; i++) attempts.failed('192.0.2.1', `id-${i}`);
    expect(attempts.waitSeconds('192.0.2.1', 'fresh')).toBe(1);
    expect(attempts.waitSeconds('192.0.2.2', 'fresh')).toBe(0);
  });

  it('forgives one failure per interval of monotonic time', async () => {
    failTimes(burst, '192.0.2.1', 'orders');
    clock.stepWall(3_600_000);
    expect(attempts.waitSeconds('192.0.2.1', 'orders')).toBe(1);
    await clock.advance(1000);
    expect(attempts.waitSeconds('192.0.2.1', 'orders')).toBe(0);
    attempts.failed('192.0.2.1', 'orders');
    expect(attempts.waitSeconds('192.0.2.1', 'orders')).toBe(1);
  });

  it('never asks for more than one interval, however many failures there were', () => {
    failTimes(10_000, '192.0.2.1', 'orders');
    expect(attempts.waitSeconds('192.0.2.1', 'orders')).toBe(1);
  });

  it('R6749-07 serves the caller from another source while its id is under attack from many', () => {
    for (let i = 0; i < 50; i++) attempts.failed(`192.0.2.${i}`, 'orders');
    expect(attempts.waitSeconds('198.51.100.1', 'orders')).toBe(0);
  });

  it('R6749-07 gives each guessing source one try while the id is under attack', () => {
    for (let i = 0; i < 50; i++) attempts.failed(`192.0.2.${i}`, 'orders');
    expect(attempts.failed('198.51.100.1', 'orders')).toBe(1);
    expect(attempts.waitSeconds('198.51.100.1', 'orders')).toBe(1);
    expect(attempts.waitSeconds('198.51.100.1', 'billing')).toBe(0);
  });

  it('R6749-07 goes on serving a caller that shares its address with an attacker', async () => {
    attempts.succeeded('192.0.2.1', 'orders');
    failTimes(1000, '192.0.2.1', 'billing');
    failTimes(1000, '192.0.2.1', 'orders');
    expect(attempts.waitSeconds('192.0.2.1', 'orders')).toBe(0);
    expect(attempts.waitSeconds('192.0.2.1', 'billing')).toBe(1);
    await clock.advance(60_000);
    failTimes(burst, '192.0.2.1', 'billing');
    expect(attempts.waitSeconds('192.0.2.1', 'orders')).toBe(1);
  });

  it('counts an IPv6 host by its /64, and an IPv4 address once however it is written', () => {
    for (let i = 0; i < burst; i++) attempts.failed(`2001:db8:1:2::${i}`, undefined);
    expect(attempts.waitSeconds('2001:db8:1:2:ffff::1', undefined)).toBe(1);
    expect(attempts.waitSeconds('2001:db8:1:3::1', undefined)).toBe(0);
    failTimes(burst, '::ffff:192.0.2.9', undefined);
    expect(attempts.waitSeconds('192.0.2.9', undefined)).toBe(1);
    failTimes(burst, 'not:an:address', undefined);
    expect(attempts.waitSeconds('not:an:address', undefined)).toBe(1);
  });

  it('counts overlong ids as one, and remembers a bounded number of sources', () => {
    const overlong = (i: number) => `${i}`.padEnd(300, 'x');
    for (let i = 0; i < burst; i++) attempts.failed(`192.0.2.${i}`, overlong(i));
    expect(attempts.waitSeconds('192.0.2.0', overlong(99))).toBe(1);
    failTimes(burst, '198.51.100.1', undefined);
    for (let i = 0; i < 100; i++) attempts.failed(`203.0.113.${i}`, undefined);
    expect(attempts.waitSeconds('198.51.100.1', undefined)).toBe(0);
  });
});
