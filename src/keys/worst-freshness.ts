/** Shows many tenants with keys of their own as one series of metrics: by the worst of them. */
import { digestOfKeys, type FreshnessState, type KeyFreshness } from './accepted/key-freshness.js';

const fromBestToWorst: readonly FreshnessState[] = ['FRESH', 'DUE', 'STALE', 'COLD', 'EXPIRED'];

/** The worst of these; `undefined`: there is none. */
export function worstState(states: readonly FreshnessState[]): FreshnessState | undefined {
  return fromBestToWorst.findLast((each) => states.includes(each));
}

/**
 * The keys of a registration whose tenants have keys of their own, as metrics show them: the worst of each, because a time series for
 * every tenant would be too many. Which tenant it is, the admin API says. One alone is what it is.
 */
export function worstOf(all: readonly KeyFreshness[]): KeyFreshness | undefined {
  const [first] = all;
  if (all.length < 2 || !first) return first;
  const keys = all.flatMap((one) => one.keys);
  const failures = all.flatMap(({ lastFailure }) => lastFailure ?? []);
  const [lastFailure] = failures.toSorted((a, b) => b.atMs - a.atMs);
  return {
    issuerId: first.issuerId,
    state: worstState(all.map(({ state }) => state)) ?? first.state,
    digest: digestOfKeys(keys),
    keys,
    blockedForMs: Math.max(...all.map(({ blockedForMs }) => blockedForMs)),
    tombstones: sum(all.map(({ tombstones }) => tombstones)),
    waiting: sum(all.map(({ waiting }) => waiting)),
    ...only('ageMs', extreme(all, 'ageMs', Math.max)),
    ...only('attemptedAtMs', extreme(all, 'attemptedAtMs', Math.min)),
    ...only('succeededAtMs', extreme(all, 'succeededAtMs', Math.min)),
    ...(lastFailure && { lastFailure }),
  };
}

/** All of them together. */
export function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

type TimeName = 'ageMs' | 'attemptedAtMs' | 'succeededAtMs';

function extreme(
  all: readonly KeyFreshness[],
  name: TimeName,
  choose: (...times: number[]) => number,
): number | undefined {
  const times = all.flatMap((one) => one[name] ?? []);
  return times.length === 0 ? undefined : choose(...times);
}

function only<Name extends TimeName>(name: Name, value: number | undefined): Partial<Record<Name, number>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, number>);
}
