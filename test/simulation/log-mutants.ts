import type * as List from '../../src/changes/change-list.js';
import type * as Log from '../../src/changes/change-log.js';
import type * as Reader from '../../src/changes/log-reader.js';
import type * as Follower from '../../src/keys/fleet/fleet-follower.js';
import type * as Deny from '../../src/revocation/deny-list.js';
import type * as Decision from '../../src/revocation/key-decision.js';
import type { KeyDecision } from '../../src/revocation/key-decision.js';
import type * as Fake from '../fakes/memory-change-store.js';
import * as scenarios from './log-scenarios.js';
import type { Plan } from './plan.js';

// What could be wrong with the log of changes and with who reads it, and the invariant that must notice it.

/** What a mutant puts in the place of a part, given the real one. */
export type Mutation<T> = (real: T) => Partial<T>;

/** Replaces one method. Modules are loaded anew for each mutant, so that nobody else gets this one. */
export function replace(part: { readonly prototype: object }, method: string, make: (real: Method) => Method): void {
  const methods = part.prototype as Record<string, Method>;
  methods[method] = make(methods[method]!);
}
type Method = (this: never, ...args: unknown[]) => unknown;

const lossUnnoticed: Mutation<typeof Reader> = ({ LogReader }) => {
  replace(LogReader, 'hasLostEntries', () => () => false);
  return { LogReader };
};

const ownLossUnnoticed: Mutation<typeof Reader> = ({ LogReader }) => {
  replace(LogReader, 'hasLostOurs', () => () => false);
  return { LogReader };
};

const neverReadAgain: Mutation<typeof List> = ({ ChangeList }) => {
  replace(
    ChangeList,
    'prepare',
    (real) =>
      function (this: never) {
        if (!(this as { readonly isRead: boolean }).isRead) real.call(this);
      },
  );
  return { ChangeList };
};

/** Places 1, 2, 3, which a server that was behind hands out again. */
const countedPlaces: Mutation<typeof Fake> = ({ MemoryChangeStore }) => {
  replace(
    MemoryChangeStore,
    'append',
    (real) =>
      function (this: never, ...args) {
        const store = this as unknown as { nowMs: () => number };
        store.nowMs = () => 0;
        return real.apply(this, args);
      },
  );
  return { MemoryChangeStore };
};

/** What the log has is all there is. */
const replacedByTheLog: Mutation<typeof Deny> = ({ DenyList }) => {
  replace(
    DenyList,
    'settle',
    (real) =>
      function (this: never) {
        (this as unknown as { decisions: unknown }).decisions = new Map();
        return real.call(this);
      },
  );
  return { DenyList };
};

/** The defect that was there once: what is read while the log is compared is not compared. */
const readMeanwhileIgnored: Mutation<typeof Deny> = ({ DenyList }) => {
  replace(
    DenyList,
    'settle',
    (real) =>
      function (this: never) {
        return (this as { readonly isSettling: boolean }).isSettling ? Promise.resolve() : real.call(this);
      },
  );
  return { DenyList };
};

/** Requests read a list that only grows. */
const deniedForEver: Mutation<typeof Deny> = ({ DenyList }) => {
  remembering(DenyList, 'denied', (denial, remembered) => denial ?? remembered);
  return { DenyList };
};

/** Requests read a list of what was allowed, and that only grows. */
const allowedForEver: Mutation<typeof Deny> = ({ DenyList }) => {
  remembering(DenyList, 'allowed', (denial, remembered) => (remembered ? undefined : denial));
  return { DenyList };
};

/** Gives what requests read, and what was ever decided so about the key, to `choose`. */
function remembering(
  part: typeof Deny.DenyList,
  verdict: 'denied' | 'allowed',
  choose: (denial: unknown, remembered: unknown) => unknown,
): void {
  const everOf = new WeakMap<object, Map<string, unknown>>();
  replace(
    part,
    'denialOf',
    (real) =>
      function (this: never, ...args) {
        const ever = everOf.get(this) ?? new Map<string, unknown>();
        everOf.set(this, ever);
        for (const each of (this as unknown as { all(): readonly KeyDecision[] }).all()) {
          if (each.verdict === verdict) ever.set(each.thumbprint, each);
        }
        return choose(real.apply(this, args), ever.get(args[1] as string));
      },
  );
}

/** An allowance is forgotten after a minute, and what it took back is not. */
const allowanceTooShort: Mutation<typeof Decision> = ({ isOver }) => ({
  isOver: (decision, nowMs) =>
    isOver(decision, nowMs) || (decision.verdict === 'allowed' && nowMs >= decision.atMs + 60_000),
});

/** Whichever decision comes last holds. */
const timeIgnored: Mutation<typeof Decision> = () => ({
  supersedes: (one, other) => one.atMs !== other?.atMs,
});

const missedIgnored: Mutation<typeof Follower> = ({ FleetFollower }) => {
  replace(FleetFollower, 'missed', () => () => undefined);
  return { FleetFollower };
};

const owedDropped: Mutation<typeof Log> = ({ ChangeLog }) => {
  replace(
    ChangeLog,
    'offer',
    (real) =>
      async function (this: never, ...args) {
        await real.apply(this, args);
        (this as unknown as { hints: { owed: Map<string, unknown> } }).hints.owed.clear();
      },
  );
  return { ChangeLog };
};

/** Something wrong with one part. */
export interface Mutant {
  readonly name: string;
  readonly part: string;
  readonly mutate: Mutation<never>;
  readonly plan: Plan;
  /** The invariant that must notice. */
  readonly killedBy: RegExp;
}

export const mutants: readonly Mutant[] = [
  {
    name: 'loss of entries unnoticed',
    part: '../../src/changes/log-reader',
    mutate: lossUnnoticed,
    plan: scenarios.emptied(),
    killedBy: /^L4 /,
  },
  {
    name: 'loss of what only this replica has known unnoticed',
    part: '../../src/changes/log-reader',
    mutate: ownLossUnnoticed,
    plan: scenarios.lostUnread(),
    killedBy: /^L4 /,
  },
  {
    name: 'decisions never read again as a whole',
    part: '../../src/changes/change-list',
    mutate: neverReadAgain,
    plan: scenarios.bornAfterLosses(),
    killedBy: /^L2 /,
  },
  {
    name: 'what is read during a comparison ignored',
    part: '../../src/revocation/deny-list',
    mutate: readMeanwhileIgnored,
    plan: scenarios.latestLost(),
    killedBy: /^L4 /,
  },
  {
    name: 'places by a counter',
    part: '../fakes/memory-change-store',
    mutate: countedPlaces,
    plan: scenarios.asManyAsWereLost(),
    killedBy: /^L2 /,
  },
  {
    name: 'what this replica knows is replaced by the log',
    part: '../../src/revocation/deny-list',
    mutate: replacedByTheLog,
    plan: scenarios.decidedDuringOutage(),
    killedBy: /^L1 /,
  },
  {
    name: 'the time of decisions ignored',
    part: '../../src/revocation/key-decision',
    mutate: timeIgnored,
    plan: scenarios.decidedDuringOutage(),
    killedBy: /^L[12] /,
  },
  {
    name: 'a denial that was lifted goes on',
    part: '../../src/revocation/deny-list',
    mutate: deniedForEver,
    plan: scenarios.replayed(),
    killedBy: /^L6 /,
  },
  {
    name: 'a key that was once allowed stays allowed',
    part: '../../src/revocation/deny-list',
    mutate: allowedForEver,
    plan: scenarios.replayed(),
    killedBy: /^L6 /,
  },
  {
    name: 'allowances forgotten before what they took back',
    part: '../../src/revocation/key-decision',
    mutate: allowanceTooShort,
    plan: scenarios.replayed(),
    killedBy: /^L[16] /,
  },
] as never;

/** Key sets have ages of their own, and every replica its own schedule: without hints they come later, and never wrong. */
export const harmless: readonly Omit<Mutant, 'killedBy'>[] = [
  {
    name: 'missed hints not looked up',
    part: '../../src/keys/fleet/fleet-follower',
    mutate: missedIgnored,
    plan: scenarios.emptied(),
  },
  {
    name: 'owed hints dropped',
    part: '../../src/changes/change-log',
    mutate: owedDropped,
    plan: scenarios.decidedDuringOutage(),
  },
] as never;
