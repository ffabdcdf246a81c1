import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultFreshness } from '../../issuers/freshness.config.js';
import { claim, penalize, settle, untouchedBudget, type FetchBudget } from './fetch-budget.js';
import type { FetchKind } from './key-store.js';
import { timingOf } from '../key-timing.js';

const timing = timingOf(defaultFreshness);

const attempt = fc.record({
  afterMs: fc.integer({ min: 0, max: 20_000 }),
  kind: fc.constantFrom<FetchKind>('refresh', 'confirm', 'miss'),
  outcome: fc.constantFrom('ok', 'failed', 'lost'),
});

interface Start {
  readonly kind: FetchKind;
  readonly atMs: number;
  readonly outcome: string;
}

/** Whether a fetch for an unknown key may have gone around its budget. What became of a lost fetch, no store knows. */
function isAfterFailure({ atMs }: Start, before: Start | undefined): boolean {
  if (!before || before.outcome === 'ok') return false;
  return atMs - before.atMs >= timing.missAfterFailureMs;
}

/** Starts of granted fetches, by kind, for any sequence of wishes. Wishes that are granted may succeed, fail or be lost. */
function startsOf(attempts: readonly { afterMs: number; kind: FetchKind; outcome: string }[]) {
  const starts: Start[] = [];
  let budget: FetchBudget = untouchedBudget;
  let nowMs = 1_000;
  for (const { afterMs, kind, outcome } of attempts) {
    nowMs += afterMs;
    const claimed = claim(budget, undefined, { kind, knownFence: 0, dueAfterMs: 0, timing }, nowMs);
    budget = claimed.budget;
    const { verdict } = claimed;
    if (verdict.verdict !== 'GRANT') continue;
    starts.push({ kind, atMs: nowMs, outcome });
    if (outcome === 'ok') budget = settle(budget, verdict.fence);
    if (outcome === 'failed') budget = penalize(budget, { fence: verdict.fence, timing }, nowMs, () => 0);
  }
  return starts;
}

describe('the budget of fetches', () => {
  it('I2 never lets two fetches start within the spacing, failures included', () => {
    fc.assert(
      fc.property(fc.array(attempt, { maxLength: 200 }), (attempts) => {
        const times = startsOf(attempts).map(({ atMs }) => atMs);
        times.slice(1).forEach((atMs, i) => {
          expect(atMs - times[i]!).toBeGreaterThanOrEqual(timing.minSpacingMs);
        });
      }),
    );
  });

  it('I1 grants fetches for unknown keys at most burst + one per cooldown in any window, but for those after a failure', () => {
    fc.assert(
      fc.property(fc.array(attempt, { maxLength: 300 }), fc.integer({ min: 1, max: 300_000 }), (attempts, windowMs) => {
        const starts = startsOf(attempts);
        const times = starts
          .filter((start, i) => start.kind === 'miss' && !isAfterFailure(start, starts[i - 1]))
          .map(({ atMs }) => atMs);
        const most = timing.missBurst + Math.ceil(windowMs / timing.missCooldownMs);
        for (const from of times) {
          expect(times.filter((atMs) => atMs >= from && atMs < from + windowMs).length).toBeLessThanOrEqual(most);
        }
      }),
    );
  });

  it('F4 grants an unknown key a fetch ten seconds after any fetch that failed, and none around the backoff before', () => {
    fc.assert(
      fc.property(
        fc.array(attempt, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 0, max: 20_000 }),
        (attempts, ms) => {
          let budget: FetchBudget = untouchedBudget;
          let nowMs = 1_000;
          // Whatever happened before: then several fetches failed, and the latest began just now.
          for (const { kind, afterMs } of attempts) {
            nowMs += afterMs;
            const claimed = claim(budget, undefined, { kind, knownFence: 0, dueAfterMs: 0, timing }, nowMs);
            const { fence } = claimed.budget;
            budget = penalize(claimed.budget, { fence, timing }, nowMs, () => 0.99);
          }
          const miss = { kind: 'miss', knownFence: 0, dueAfterMs: 0, timing } as const;
          const { verdict } = claim(budget, undefined, miss, budget.startedMs + ms);

          if (ms >= timing.missAfterFailureMs) expect(verdict.verdict).toBe('GRANT');
          else if (budget.backoffUntilMs > budget.startedMs + ms) expect(verdict.verdict).toBe('BACKOFF');
        },
      ),
    );
  });

  it('D2 I18 keeps the lane of the schedule open while the budget for unknown keys is spent', () => {
    let budget: FetchBudget = untouchedBudget;
    for (let nowMs = 0; nowMs < 62_000; nowMs += 100) {
      budget = claim(budget, undefined, { kind: 'miss', knownFence: 0, dueAfterMs: 0, timing }, nowMs).budget;
      if (budget.lease) budget = settle(budget, budget.lease.fence);
    }
    const miss = claim(budget, undefined, { kind: 'miss', knownFence: 0, dueAfterMs: 0, timing }, 64_000);
    const refresh = claim(budget, undefined, { kind: 'refresh', knownFence: 0, dueAfterMs: 0, timing }, 64_000);

    expect(miss.verdict.verdict).toBe('LIMITED');
    expect(refresh.verdict.verdict).toBe('GRANT');
  });

  it('ignores the failure of a fetch whose lease has been taken over', () => {
    const first = claim(untouchedBudget, undefined, { kind: 'refresh', knownFence: 0, dueAfterMs: 0, timing }, 0);
    const later = claim(first.budget, undefined, { kind: 'refresh', knownFence: 0, dueAfterMs: 0, timing }, 7_000);

    expect(later.verdict.verdict).toBe('GRANT');
    expect(penalize(later.budget, { fence: first.budget.fence, timing }, 7_100, () => 0)).toBe(later.budget);
  });
});
