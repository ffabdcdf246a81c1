import { describe, expect, it } from 'vitest';
import { RecordedProblems } from '../../../test/builders/recorded-problems.js';
import { aCaller } from '../../../test/callers/reception.js';
import { FakeClock } from '../../../test/fakes/fake-clock.js';
import { OAuthError } from '../../transport/oauth-error.js';
import { prepareCaller } from '../registration/prepare-callers.js';
import type { RateLimit } from './rate-limit.js';
import { composeRateLimits } from './rate-limits.js';
import type { RateLimits } from './rate-limits.js';

const limit = { perSecond: 1, burst: 2, shared: false };

function prepared(limits: Readonly<Record<string, RateLimit | undefined>>) {
  const sections = Object.entries(limits).map(([id, rateLimit]) =>
    aCaller({ id, secrets: ['a-secret-for-tests-0123456789-xyz'], ...(rateLimit && { rateLimit }) }),
  );
  const place = new RecordedProblems().place('callers');
  return sections.flatMap((section, i) => prepareCaller(section, place.at(i), { identifier: undefined }) ?? []);
}

/** How many of `times` requests of this caller pass. */
function passes(limits: RateLimits, id: string, times: number): number {
  const caller = prepared({ [id]: undefined })[0]!.caller;
  let passed = 0;
  for (let i = 0; i < times; i++) {
    try {
      limits.charge(caller);
      passed++;
    } catch (error) {
      if (!(error instanceof OAuthError) || error.status !== 429) throw error;
    }
  }
  return passed;
}

describe('RateLimits', () => {
  it('without a limit everything passes', () => {
    const limits = composeRateLimits(new FakeClock());
    limits.replace(prepared({ orders: undefined }));
    expect(passes(limits, 'orders', 1_000)).toBe(1_000);
  });

  it('what was used stays used when the configuration changes elsewhere', () => {
    const limits = composeRateLimits(new FakeClock());
    limits.replace(prepared({ orders: limit }));
    expect(passes(limits, 'orders', 5)).toBe(2);
    limits.replace(prepared({ orders: { ...limit }, billing: limit }));
    expect([passes(limits, 'orders', 5), passes(limits, 'billing', 5)]).toEqual([0, 2]);
  });

  it.each([
    ['another burst', { ...limit, burst: 3 }, 3],
    ['another rate', { ...limit, perSecond: 2 }, 2],
    ['no limit', undefined, 5],
  ])('%s begins anew', (_name, changed, expected) => {
    const limits = composeRateLimits(new FakeClock());
    limits.replace(prepared({ orders: limit }));
    passes(limits, 'orders', 5);
    limits.replace(prepared({ orders: changed }));
    expect(passes(limits, 'orders', 5)).toBe(expected);
  });

  it('a shared limit without Redis is a local one', () => {
    const limits = composeRateLimits(new FakeClock());
    limits.replace(prepared({ orders: { ...limit, shared: true } }));
    expect(passes(limits, 'orders', 5)).toBe(2);
  });

  it.each([
    [0.01, '100'],
    [1, '1'],
    [1_000, '1'],
  ])('at %d a second the time to wait is %s s, never 0', (perSecond, seconds) => {
    const limits = composeRateLimits(new FakeClock());
    const [caller] = prepared({ orders: { perSecond, burst: 1, shared: false } });
    limits.replace([caller!]);
    limits.charge(caller!.caller);
    expect(() => {
      limits.charge(caller!.caller);
    }).toThrow(expect.objectContaining({ retryAfterSeconds: Number(seconds) }));
  });
});
