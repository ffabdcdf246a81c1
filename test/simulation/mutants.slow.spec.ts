import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type * as Budget from '../../src/keys/store/fetch-budget.js';
import type * as Outlook from '../../src/keys/refresh/fetch-outlook.js';
import type * as Timing from '../../src/keys/fleet/autonomous-timing.js';
import type * as Merge from '../../src/keys/record/merge-key-sets.js';
import type { KeyRecordDraft } from '../../src/keys/record/merge-key-sets.js';
import type * as Offset from '../../src/keys/fleet/store-time.js';
import type * as Reconcile from '../../src/keys/record/reconcile-records.js';
import type * as Refresher from '../../src/keys/refresh/key-refresher.js';
import type { Plan } from './plan.js';
import * as scenarios from './scenarios.js';

/** What a mutant puts in the place of a part, given the real one. */
type Mutation<T> = (real: T) => Partial<T>;

const keys = '../../src/keys';

/** A fetch costs nothing and keeps nobody out. */
const limiterRemoved: Mutation<typeof Budget> = ({ claim, untouchedBudget }) => ({
  claim: (budget, record, request, nowMs) => {
    const free = { ...untouchedBudget, fence: budget.fence };
    if (request.kind === 'push') return claim(budget, record, request, nowMs);
    return claim(free, record, { ...request, kind: 'confirm' }, nowMs);
  },
});

/** The slot is spent when the fetch has ended. A fence is also the time of its grant. */
const claimedAfterTheFetch: Mutation<typeof Budget> = ({ claim, penalize }) => ({
  claim: (budget, record, request, nowMs) => {
    const { verdict } = claim(budget, record, request, nowMs);
    return { verdict, budget: verdict.verdict === 'GRANT' ? { ...budget, fence: verdict.fence } : budget };
  },
  settle: (budget, fence) => ({ ...budget, startedMs: fence, missArrivalMs: fence + 30_000, failures: 0 }),
  penalize: (budget, request, nowMs, random) => {
    const lease = { fence: request.fence, untilMs: nowMs };
    return { ...penalize({ ...budget, lease }, request, nowMs, random), startedMs: request.fence };
  },
});

/** A fetch that fails costs nothing (defect D1). */
const cooldownOnSuccessOnly: Mutation<typeof Budget> = ({ claim, noFailure }) => ({
  claim: (budget, record, request, nowMs) => {
    const { verdict, budget: after } = claim(budget, record, request, nowMs);
    const { fence, lease } = after;
    return { verdict, budget: { ...budget, fence, ...(lease ? { lease } : {}) } };
  },
  settle: ({ fence: latest }, fence) => ({
    fence: latest,
    startedMs: fence,
    missArrivalMs: fence + 30_000,
    ...noFailure,
  }),
  penalize: (budget) => Object.fromEntries(Object.entries(budget).filter(([name]) => name !== 'lease')) as never,
});

/** While the issuer fails, unknown keys get a fetch in this time, whatever the timing says. */
const fetchedAfterFailure =
  (missAfterFailureMs: number): Mutation<typeof Budget> =>
  ({ claim }) => ({
    claim: (budget, record, request, nowMs) => {
      if (request.kind === 'push') return claim(budget, record, request, nowMs);
      const timing = { ...request.timing, missAfterFailureMs };
      return claim(budget, record, { ...request, timing }, nowMs);
    },
  });

/** The first draft of finding F1: whatever the store has is built upon, and what it has forgotten is forgotten. */
const staleBase: Mutation<typeof Reconcile> = () => ({
  youngestOf: (theirs, ours) => theirs ?? ours,
  reconcile: (_older, younger) => younger,
});

/** Defect D6. */
const restartedOnImport: Mutation<typeof Offset> = ({ shifted }) => ({
  shifted: <T extends KeyRecordDraft>(record: T, byMs: number, latestMs: number): T => {
    if (!Number.isFinite(latestMs)) return shifted(record, byMs, latestMs);
    const imported = record.keys.map((key) => ({ ...key, lastSeenMs: latestMs }));
    return { ...shifted(record, byMs, latestMs), validatedAtMs: latestMs, keys: imported };
  },
});

/** The age of a record is what the store's clock says, and nothing else. */
const storeClockBelieved: Mutation<typeof Offset> = () => ({ aged: (record) => record });

/** Defect D5. */
const failureClears: Mutation<typeof Refresher> = ({ KeyRefresher }) => {
  interface Penalizing {
    penalize: (this: Penalizing, ...failure: unknown[]) => Promise<void>;
    readonly local: { kept: unknown };
  }
  const refreshers = KeyRefresher.prototype as unknown as Penalizing;
  const real = refreshers.penalize;
  refreshers.penalize = async function (...failure) {
    await real.apply(this, failure);
    this.local.kept = undefined;
  };
  return { KeyRefresher };
};

/** What a fetch that failed leaves open is taken for an answer. */
const failureIsAnswer: Mutation<typeof Outlook> = ({ FetchOutlook }) => {
  Object.defineProperty(FetchOutlook.prototype, 'isFailing', { get: () => false });
  return { FetchOutlook };
};

const confirmRemoved: Mutation<typeof Merge> = ({ mergeKeySets }) => ({
  mergeKeySets: (base, observed, timing) => mergeKeySets(base, observed, { ...timing, removal: 'immediate' }),
});

const unscaled: Mutation<typeof Timing> = () => ({
  autonomousTiming: (timing) => timing,
  autonomousRequest: (request) => request,
});

const ageIgnored: Mutation<typeof Reconcile> = () => ({
  supersedes: (other, mine) => other.fence !== mine.fence,
});

interface Mutant {
  readonly name: string;
  readonly part: string;
  readonly mutate: Mutation<never>;
  readonly plan: Plan;
  /** The invariant that must notice. */
  readonly killedBy: RegExp;
}

const mutants: readonly Mutant[] = [
  {
    name: 'limiter removed',
    part: 'store/fetch-budget',
    mutate: limiterRemoved,
    plan: scenarios.attacked(),
    killedBy: /^I[12] /,
  },
  {
    name: 'slot claimed after the fetch',
    part: 'store/fetch-budget',
    mutate: claimedAfterTheFetch,
    plan: scenarios.attacked(),
    killedBy: /^I[12] /,
  },
  {
    name: 'cooldown only on success',
    part: 'store/fetch-budget',
    mutate: cooldownOnSuccessOnly,
    plan: scenarios.attacked(),
    killedBy: /^I[12] /,
  },
  {
    name: 'backoff for unknown keys as well',
    part: 'store/fetch-budget',
    mutate: fetchedAfterFailure(120_000),
    plan: scenarios.newKeysAfterOutages(8, 6),
    killedBy: /^F4 /,
  },
  {
    name: 'no pause for unknown keys in a backoff',
    part: 'store/fetch-budget',
    mutate: fetchedAfterFailure(0),
    plan: scenarios.newKeysAfterOutages(8, 6),
    killedBy: /^I1 /,
  },
  {
    name: 'merge from the stale base',
    part: 'record/reconcile-records',
    mutate: staleBase,
    plan: scenarios.removedDuringOutage(),
    killedBy: /^I[35] /,
  },
  {
    name: 'TTL restarted on import',
    part: 'fleet/store-time',
    mutate: restartedOnImport,
    plan: scenarios.restartsDuringOutage(),
    killedBy: /^I4 /,
  },
  {
    name: 'the clock of the store believed',
    part: 'fleet/store-time',
    mutate: storeClockBelieved,
    plan: scenarios.replayedInThePast(),
    killedBy: /^I4 /,
  },
  {
    name: 'failure clears the set',
    part: 'refresh/key-refresher',
    mutate: failureClears,
    plan: scenarios.attacked(),
    killedBy: /^I6, I7 /,
  },
  {
    name: 'a failed fetch is an answer',
    part: 'refresh/fetch-outlook',
    mutate: failureIsAnswer,
    plan: scenarios.newKeysAfterOutages(),
    killedBy: /^I17 /,
  },
  {
    name: 'confirm removed',
    part: 'record/merge-key-sets',
    mutate: confirmRemoved,
    plan: scenarios.oneLie(),
    killedBy: /^I6, I7 /,
  },
  {
    name: 'local backoff unscaled',
    part: 'fleet/autonomous-timing',
    mutate: unscaled,
    plan: scenarios.bothAway(),
    killedBy: /^F2 /,
  },
  {
    name: 'adoption without the age test',
    part: 'record/reconcile-records',
    mutate: ageIgnored,
    plan: scenarios.regressions(),
    killedBy: /^I5 /,
  },
] as never;

/** The simulation over parts that were loaded anew. */
async function simulateAnew(plan: Plan): Promise<void> {
  const { simulate } = await import('./invariants.js');
  await simulate(plan);
}

beforeEach(() => {
  vi.resetModules();
  vi.doMock('../../src/tokens/import-jwk.js', () => import('./cheap-keys.js'));
});

afterEach(() => {
  for (const { part } of mutants) vi.doUnmock(`${keys}/${part}.js`);
});

describe('the mutants of the life of a key', { timeout: 120_000 }, () => {
  it.each(mutants)('$name is killed', async ({ part, mutate, plan, killedBy }) => {
    vi.doMock(`${keys}/${part}.js`, async (real) => {
      const actual = await real<never>();
      return { ...(actual as object), ...(mutate(actual) as object) };
    });

    await expect(simulateAnew(plan)).rejects.toMatchObject({
      name: 'InvariantViolated',
      invariant: expect.stringMatching(killedBy) as string,
    });
  });
});
