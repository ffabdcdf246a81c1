import type { KeyRecord } from './key-record.js';
import type {
  AcquireRequest,
  AcquireVerdict,
  FailRequest,
  Grant,
  LookRequest,
  PushRequest,
  Refusal,
} from './key-store.js';
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

/** A decision, and what the budget is afterwards. */
export interface Claim {
  readonly verdict: AcquireVerdict;
  readonly budget: FetchBudget;
}

/** Decides about one request. Pure. */
export function claim(
  budget: FetchBudget,
  record: KeyRecord | undefined,
  request: AcquireRequest,
  nowMs: number,
): Claim {
  return request.kind === 'push'
    ? claimPush(budget, record, request, nowMs)
    : claimLook(budget, record, request, nowMs);
}

function claimLook(budget: FetchBudget, record: KeyRecord | undefined, request: LookRequest, nowMs: number): Claim {
  if ((record?.fence ?? 0) > request.knownFence) return { verdict: { verdict: 'NEWER' }, budget };
  const refusal = refuse(budget, record, request, nowMs);
  if (refusal) return { verdict: refusal, budget };
  const verdict = grant(budget, record, nowMs);
  const { fence } = verdict;
  return {
    verdict,
    budget: {
      ...budget,
      fence,
      lease: { fence, untilMs: nowMs + LEASE_MS },
      startedMs: nowMs,
      missArrivalMs: request.kind === 'miss' ? nextMissArrival(budget, request.timing, nowMs) : budget.missArrivalMs,
    },
  };
}

function claimPush(budget: FetchBudget, record: KeyRecord | undefined, request: PushRequest, nowMs: number): Claim {
  if (record && record.validatedAtMs >= request.validatedAtMs) return { verdict: { verdict: 'OLDER' }, budget };
  // A later fence than that of the look under way would make its younger observation STALE.
  const busy = leased(budget, nowMs);
  if (busy) return { verdict: busy, budget };
  const verdict = grant(budget, record, nowMs);
  return { verdict, budget: { ...budget, fence: verdict.fence } };
}

/** The time makes the fence grow even where a store has lost its memory (FLUSHALL, failover). */
function grant(budget: FetchBudget, record: KeyRecord | undefined, nowMs: number): Grant {
  const baseFence = record?.fence ?? 0;
  const fence = Math.max(budget.fence + 1, baseFence + 1, Math.floor(nowMs));
  return { verdict: 'GRANT', fence, baseFence, atMs: nowMs };
}

function leased({ lease }: FetchBudget, nowMs: number): Refusal | undefined {
  if (!lease || lease.untilMs <= nowMs) return undefined;
  return { verdict: 'BUSY', retryInMs: lease.untilMs - nowMs };
}

function refuse(
  budget: FetchBudget,
  record: KeyRecord | undefined,
  { kind, timing, dueAfterMs }: LookRequest,
  nowMs: number,
): Refusal | undefined {
  const { startedMs, backoffUntilMs, missArrivalMs } = budget;
  const busy = leased(budget, nowMs);
  if (busy) return busy;
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

/** The budget after the observation of `fence` was stored. Only who holds the lease has just heard from the issuer. */
export function settle(budget: FetchBudget, fence: number): FetchBudget {
  const { lease, ...rest } = budget;
  if (lease?.fence !== fence) return budget;
  return { ...rest, failures: 0, backoffUntilMs: Number.NEGATIVE_INFINITY };
}

/** The budget after the look of `fence` failed. A look whose lease somebody else has taken over changes nothing. */
export function penalize(
  budget: FetchBudget,
  { fence, timing, retryAfterMs = 0, isAbandoned = false }: FailRequest,
  nowMs: number,
  random: () => number,
): FetchBudget {
  const { lease, ...rest } = budget;
  if (lease?.fence !== fence) return budget;
  if (isAbandoned) return rest;
  const failures = budget.failures + 1;
  const pauseMs = Math.max(backoffMs(failures, random, timing), retryAfterMs);
  return { ...rest, failures, backoffUntilMs: nowMs + pauseMs };
}
