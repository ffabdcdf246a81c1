import { describe, expect, it } from 'vitest';
import { defaultFreshness } from '../../issuers/freshness.config.js';
import { autonomousRequest, autonomousTiming } from './autonomous-timing.js';
import { timingOf } from '../key-timing.js';

const timing = timingOf(defaultFreshness);

describe('the timing of replicas that decide alone', () => {
  it.each([
    [1, { missCooldownMs: 30_000, missAfterFailureMs: 10_000, backoffBaseMs: 2_000, backoffCapMs: 60_000 }],
    [3, { missCooldownMs: 90_000, missAfterFailureMs: 30_000, backoffBaseMs: 6_000, backoffCapMs: 120_000 }],
    [8, { missCooldownMs: 120_000, missAfterFailureMs: 80_000, backoffBaseMs: 16_000, backoffCapMs: 120_000 }],
    [200, { missCooldownMs: 120_000, missAfterFailureMs: 120_000, backoffBaseMs: 120_000, backoffCapMs: 120_000 }],
  ])('F2 is stretched for %i of them', (replicas, stretched) => {
    expect(autonomousTiming(timing, replicas)).toEqual({ ...timing, ...stretched });
  });

  it('never shortens what was configured longer', () => {
    const slow = timingOf({ ...defaultFreshness, missCooldownMs: 600_000 });

    expect(autonomousTiming(slow, 2).missCooldownMs).toBe(600_000);
  });

  it.each([
    [8, 270_000],
    [400, 600_000],
    [100_000, defaultFreshness.hardTtlMs / 4],
  ])('refreshes less often among %i, but always long before the keys expire', (replicas, dueAfterMs) => {
    const request = { kind: 'refresh', knownFence: 0, dueAfterMs: 270_000, timing } as const;

    expect(autonomousRequest(request, replicas).dueAfterMs).toBe(dueAfterMs);
  });
});
