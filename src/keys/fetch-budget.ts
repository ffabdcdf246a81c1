import type { KeyRecord } from './key-record.js';
import type { AcquireRequest, AcquireVerdict, Refusal } from './key-store.js';
import { backoffMs, LEASE_MS, type KeyTiming } from './key-timing.js';

/** What a store remembers of the looks at one source. Times are those of its clock. */
export interface FetchBudget {
  readonly fence: number;
  /** Who looks now, until when. */
  readonly lease?: { readonly fence: number; readonly untilMs: number };
  /** Start of the latest look, successful or not. */
  readonly startedMs: number;
  /** Theoretical arrival time of the next `miss` (GCRA): one number is the whole budget. */
  readonly missArrivalMs: number;
  /** No look before this. */
  readonly backoffUntilMs: number;
  /** Failures in a row. */
  readonly failures: number;
}

/** Nothing has happened yet. */
export const untouchedBudget: FetchBudget = {
  fence: 0,
  startedMs: Number.NEGATIVE_INFINITY,
  missArrivalMs: Number.NEGATIVE_INFINITY,
  backoffUntilMs: Number.NEGATIVE_INFINITY,
  failures: 0,
};

/** Decides about one look, and what the budget is afterwards. Pure. */
export function claim(
  budget: FetchBudget,
  record: KeyRecord | undefined,
  request: AcquireRequest,
  nowMs: number,
): { readonly verdict: AcquireVerdict; readonly budget: FetchBudget } {
  const recordFence = record?.fence ?? 0;
  if (recordFence > request.knownFence) return { verdict: { verdict: 'NEWER', fence: recordFence }, budget };
  const refusal = refuse(budget, record, request, nowMs);
  if (refusal) return { verdict: refusal, budget };
  // The time makes the fence grow even where a store has lost its memory (FLUSHALL, failover).
  const fence = Math.max(budget.fence + 1, recordFence + 1, Math.floor(nowMs));
  return {
    verdict: { verdict: 'GRANT', fence, baseFence: recordFence, atMs: nowMs },
    budget: {
      ...budget,
      fence,
      lease: { fence, untilMs: nowMs + LEASE_MS },
      startedMs: nowMs,
      missArrivalMs: request.kind === 'miss' ? nextMissArrival(budget, request.timing, nowMs) : budget.missArrivalMs,
    },
  };
}

function refuse(
  { lease, startedMs, backoffUntilMs, missArrivalMs }: FetchBudget,
  record: KeyRecord | undefined,
  { kind, timing, dueAfterMs }: AcquireRequest,
  nowMs: number,
): Refusal | undefined {
  if (lease && lease.untilMs > nowMs) return { verdict: 'BUSY', retryInMs: lease.untilMs - nowMs };
  if (backoffUntilMs > nowMs) return { verdict: 'BACKOFF', retryInMs: backoffUntilMs - nowMs };
  const spacedUntilMs = startedMs + timing.minSpacingMs;
  if (spacedUntilMs > nowMs) return { verdict: 'SPACED', retryInMs: spacedUntilMs - nowMs };
  const freshUntilMs = record ? record.validatedAtMs + dueAfterMs : nowMs;
  if (kind === 'refresh' && freshUntilMs > nowMs) return { verdict: 'FRESH', retryInMs: freshUntilMs - nowMs };
  const burstUntilMs = missArrivalMs - (timing.missBurst - 1) * timing.missCooldownMs;
  if (kind === 'miss' && burstUntilMs > nowMs) return { verdict: 'LIMITED', retryInMs: burstUntilMs - nowMs };
  return undefined;
}

function nextMissArrival({ missArrivalMs }: FetchBudget, timing: KeyTiming, nowMs: number): number {
  return Math.max(missArrivalMs, nowMs) + timing.missCooldownMs;
}

/** The budget after the look of `fence` succeeded. */
export function settle(budget: FetchBudget, fence: number): FetchBudget {
  const { lease, ...rest } = budget;
  const kept = lease && lease.fence !== fence ? { lease } : {};
  return { ...rest, ...kept, failures: 0, backoffUntilMs: Number.NEGATIVE_INFINITY };
}

/** The budget after the look of `fence` failed. A look whose lease somebody else has taken over changes nothing. */
export function penalize(
  budget: FetchBudget,
  failure: { readonly fence: number; readonly timing: KeyTiming; readonly retryAfterMs?: number },
  nowMs: number,
  random: () => number,
): FetchBudget {
  const { lease, ...rest } = budget;
  if (lease?.fence !== failure.fence) return budget;
  const failures = budget.failures + 1;
  const pauseMs = Math.max(backoffMs(failures, random, failure.timing), failure.retryAfterMs ?? 0);
  return { ...rest, failures, backoffUntilMs: nowMs + pauseMs };
}
