import type { KeyRecord } from '../record/key-record.js';
import type {
  AcquireRequest,
  AcquireVerdict,
  FailRequest,
  FetchPermit,
  FetchRequest,
  PushRequest,
  FetchDenied,
} from './key-store.js';
import { backoffMs, LEASE_MS, longestBackoffMs, type KeyTiming } from '../key-timing.js';

/** What a store remembers of the fetches from one source. Times are those of its clock. */
export interface FetchBudget {
  readonly fence: number;
  /** Which fetch is under way, until when. */
  readonly lease?: { readonly fence: number; readonly untilMs: number };
  /** Start of the latest fetch, successful or not. */
  readonly startedMs: number;
  /** Theoretical arrival time of the next `miss` (GCRA): one number is the whole budget. */
  readonly missArrivalMs: number;
  /** No fetch before this; unknown keys have a way around it, see {@link missOpensMs}. */
  readonly backoffUntilMs: number;
  /** The issuer asked to be left alone until then (`Retry-After`): for unknown keys, too. Over with the next fetch. */
  readonly pausedUntilMs: number;
  /** Failures in a row. */
  readonly failures: number;
}

/** The part of a budget that a success puts an end to. */
export const noFailure = {
  failures: 0,
  backoffUntilMs: Number.NEGATIVE_INFINITY,
  pausedUntilMs: Number.NEGATIVE_INFINITY,
} as const satisfies Partial<FetchBudget>;

/** Nothing has happened yet. */
export const untouchedBudget: FetchBudget = {
  fence: 0,
  startedMs: Number.NEGATIVE_INFINITY,
  missArrivalMs: Number.NEGATIVE_INFINITY,
  ...noFailure,
};

/** How far a fence may be ahead of the clock that it is made from. No clock is set back further without notice. */
export const FENCE_LEAD_MS = 24 * 60 * 60 * 1_000;

/** The fence of a record, 0 for none. One that no fetch can have been given orders nothing. */
export function recordFenceOf(record: KeyRecord | undefined, nowMs: number): number {
  return record && record.fence <= nowMs + FENCE_LEAD_MS ? record.fence : 0;
}

/** A decision, and what the budget is afterwards. */
export interface BudgetDecision {
  readonly verdict: AcquireVerdict;
  readonly budget: FetchBudget;
}

/** Decides about one request. Pure. */
export function claim(
  budget: FetchBudget,
  record: KeyRecord | undefined,
  request: AcquireRequest,
  nowMs: number,
): BudgetDecision {
  return request.kind === 'push'
    ? claimPush(budget, record, request, nowMs)
    : claimFetch(budget, record, request, nowMs);
}

function claimFetch(
  kept: FetchBudget,
  record: KeyRecord | undefined,
  request: FetchRequest,
  nowMs: number,
): BudgetDecision {
  const recordFence = recordFenceOf(record, nowMs);
  if (recordFence > request.knownFence) return { verdict: { verdict: 'NEWER', fence: recordFence }, budget: kept };
  const budget = credible(kept, request.timing, nowMs);
  const refusal = deny(budget, recordFence > 0 ? record : undefined, request, nowMs);
  if (refusal) return { verdict: refusal, budget: kept };
  const verdict = permit(budget, record, nowMs);
  const { fence } = verdict;
  return {
    verdict,
    budget: {
      ...budget,
      fence,
      lease: { fence, untilMs: nowMs + LEASE_MS },
      startedMs: nowMs,
      pausedUntilMs: Number.NEGATIVE_INFINITY,
      missArrivalMs: request.kind === 'miss' ? nextMissArrival(budget, request.timing, nowMs) : budget.missArrivalMs,
    },
  };
}

function claimPush(
  budget: FetchBudget,
  record: KeyRecord | undefined,
  request: PushRequest,
  nowMs: number,
): BudgetDecision {
  const hasYounger = record && recordFenceOf(record, nowMs) > 0 && record.validatedAtMs >= request.validatedAtMs;
  if (hasYounger) return { verdict: { verdict: 'OLDER' }, budget };
  // A later fence than that of the fetch under way would make its younger observation STALE.
  const busy = leased(budget, nowMs);
  if (busy) return { verdict: busy, budget };
  const verdict = permit(budget, record, nowMs);
  return { verdict, budget: { ...budget, fence: verdict.fence } };
}

/** The time makes the fence grow even where a store has lost its memory (FLUSHALL, failover). */
function permit(budget: FetchBudget, record: KeyRecord | undefined, nowMs: number): FetchPermit {
  const baseFence = recordFenceOf(record, nowMs);
  const fence = Math.max(credibleFence(budget, nowMs) + 1, baseFence + 1, Math.floor(nowMs));
  return { verdict: 'GRANT', fence, baseFence, atMs: nowMs };
}

function leased({ lease }: FetchBudget, nowMs: number): FetchDenied | undefined {
  if (!lease || lease.untilMs <= nowMs || lease.untilMs > nowMs + LEASE_MS) return undefined;
  return { verdict: 'BUSY', retryInMs: lease.untilMs - nowMs };
}

/**
 * The part of a budget that fetches of the past can have caused. A store's clock may be set back by a failover, and others
 * may write into a store: neither may prevent fetches for long.
 */
function credible(budget: FetchBudget, timing: KeyTiming, nowMs: number): FetchBudget {
  const { lease, startedMs, missArrivalMs, backoffUntilMs, pausedUntilMs, failures } = budget;
  const latestMissArrivalMs = nowMs + timing.missBurst * timing.missCooldownMs;
  const latestBackoffMs = nowMs + longestBackoffMs(timing);
  return {
    fence: credibleFence(budget, nowMs),
    ...(lease && lease.untilMs <= nowMs + LEASE_MS ? { lease } : {}),
    startedMs: startedMs <= nowMs ? startedMs : Number.NEGATIVE_INFINITY,
    missArrivalMs: missArrivalMs <= latestMissArrivalMs ? missArrivalMs : Number.NEGATIVE_INFINITY,
    backoffUntilMs: backoffUntilMs <= latestBackoffMs ? backoffUntilMs : Number.NEGATIVE_INFINITY,
    pausedUntilMs: pausedUntilMs <= latestBackoffMs ? pausedUntilMs : Number.NEGATIVE_INFINITY,
    failures,
  };
}

function credibleFence({ fence }: FetchBudget, nowMs: number): number {
  return fence <= nowMs + FENCE_LEAD_MS ? fence : 0;
}

function deny(
  budget: FetchBudget,
  record: KeyRecord | undefined,
  { kind, timing, dueAfterMs }: FetchRequest,
  nowMs: number,
): FetchDenied | undefined {
  const { startedMs, backoffUntilMs, failures } = budget;
  const busy = leased(budget, nowMs);
  if (busy) return busy;
  const isMiss = kind === 'miss';
  const opensMs = isMiss ? missOpensMs(budget, timing) : backoffUntilMs;
  const hasFailed = backoffUntilMs > nowMs || (isMiss && failures > 0);
  if (hasFailed && opensMs > nowMs) return { verdict: 'BACKOFF', retryInMs: opensMs - nowMs };
  const spacedUntilMs = startedMs + timing.minSpacingMs;
  if (spacedUntilMs > nowMs) return { verdict: 'SPACED', retryInMs: spacedUntilMs - nowMs };
  // Evidence from the future is evidence of a clock that was set back: it prevents no fetch.
  const freshUntilMs = record && record.validatedAtMs <= nowMs ? record.validatedAtMs + dueAfterMs : nowMs;
  if (kind === 'refresh' && freshUntilMs > nowMs) return { verdict: 'FRESH', retryInMs: freshUntilMs - nowMs };
  if (isMiss && opensMs > nowMs) return { verdict: 'LIMITED', retryInMs: opensMs - nowMs };
  return undefined;
}

/** From when on unknown keys are fetched as the backoff and their budget allow. */
function regularMissMs({ missArrivalMs, backoffUntilMs }: FetchBudget, timing: KeyTiming): number {
  return Math.max(backoffUntilMs, missArrivalMs - (timing.missBurst - 1) * timing.missCooldownMs);
}

/**
 * From when on an unknown key is fetched. While the latest fetch failed, one may be the key of an issuer that has come
 * back: then the time since the latest fetch alone decides, and what the issuer asked for.
 */
export function missOpensMs(budget: FetchBudget, timing: KeyTiming): number {
  const regularMs = regularMissMs(budget, timing);
  if (budget.failures === 0) return regularMs;
  return Math.min(regularMs, Math.max(budget.startedMs + timing.missAfterFailureMs, budget.pausedUntilMs));
}

/** A fetch that goes around the backoff is not charged to the budget of unknown keys: a long outage would leave a debt. */
export function nextMissArrival(budget: FetchBudget, timing: KeyTiming, nowMs: number): number {
  if (regularMissMs(budget, timing) > nowMs) return budget.missArrivalMs;
  return Math.max(budget.missArrivalMs, nowMs) + timing.missCooldownMs;
}

/** The budget after the observation of `fence` was stored. Only the holder of the lease has just reached the issuer. */
export function settle(budget: FetchBudget, fence: number): FetchBudget {
  const { lease, ...rest } = budget;
  if (lease?.fence !== fence) return budget;
  return { ...rest, ...noFailure };
}

/** The budget after the fetch of `fence` failed. A fetch whose lease has been taken over changes nothing. */
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
  const pausedUntilMs = retryAfterMs > 0 ? nowMs + retryAfterMs : Number.NEGATIVE_INFINITY;
  return { ...rest, failures, backoffUntilMs: nowMs + pauseMs, pausedUntilMs };
}

/** How long no fetch is allowed by the backoff, in milliseconds. */
export function backoffLeftMs({ backoffUntilMs }: FetchBudget, timing: KeyTiming, nowMs: number): number {
  const leftMs = backoffUntilMs - nowMs;
  return leftMs > longestBackoffMs(timing) ? 0 : Math.max(0, leftMs);
}
