import { LASTING_KEY, quietPlan, type LinkFault, type Plan } from './plan.js';

const second = 1_000;
const minute = 60 * second;

const allReplicas = (replicas: number): ReadonlySet<number> => new Set(Array(replicas).keys());

/** Nobody reaches the store. */
export function storeAway(fromMs: number, toMs: number, replicas = 8): LinkFault {
  return { fromMs, toMs, fault: 'refused', replicas: allReplicas(replicas) };
}

/** Finding F1: a key is removed while the store is away; nobody asks for anything, so that nothing is brought back early. */
export function removedDuringOutage(replicas = 8): Plan {
  return quietPlan({
    replicas,
    lengthMs: 40 * minute,
    publications: [
      { atMs: Number.NEGATIVE_INFINITY, keys: [LASTING_KEY, 'first'] },
      { atMs: 8 * minute, keys: [LASTING_KEY] },
    ],
    linkFaults: [storeAway(7 * minute, 20 * minute, replicas)],
    idle: allReplicas(replicas),
  });
}

/** Finding F2: neither the issuer nor the store can be reached. */
export function bothAway(replicas = 8): Plan {
  return quietPlan({
    replicas,
    lengthMs: 15 * minute,
    moods: [{ fromMs: 3 * minute, toMs: 15 * minute, mood: 'down', lagMs: 0 }],
    linkFaults: [storeAway(3 * minute, 15 * minute, replicas)],
  });
}

/** The issuer is away for longer than any key may live, and replicas restart all the time. */
export function restartsDuringOutage(): Plan {
  const restarts = [...Array(28).keys()].map((i) => ({ atMs: (7 + i) * minute, replica: i % 8 }));
  return quietPlan({
    lengthMs: 35 * minute,
    hardTtlMs: 15 * minute,
    moods: [{ fromMs: 6 * minute, toMs: 40 * minute, mood: 'down', lagMs: 0 }],
    restarts,
  });
}

/**
 * The issuer goes away for good. When nothing it published may be trusted any more, an old record is written again, the
 * store's clock is set back to its time, and every replica starts anew but the first.
 */
export function replayedInThePast(): Plan {
  const sinceMs = 25 * minute;
  return quietPlan({
    lengthMs: 36 * minute,
    hardTtlMs: 15 * minute,
    moods: [{ fromMs: 6 * minute, toMs: 40 * minute, mood: 'down', lagMs: 0 }],
    shocks: [
      { atMs: 5 * minute, shock: 'regress', byMs: sinceMs },
      { atMs: 5 * minute + sinceMs, shock: 'clock', byMs: -sinceMs },
    ],
    restarts: [...Array(7).keys()].map((i) => ({ atMs: (31 + i / 2) * minute, replica: i + 1 })),
  });
}

/** The store's clock is a year ahead for some minutes; then the issuer goes away for good, and replicas restart. */
export function storedInTheFuture(): Plan {
  const yearMs = 365 * 24 * 60 * minute;
  return quietPlan({
    lengthMs: 36 * minute,
    hardTtlMs: 15 * minute,
    moods: [{ fromMs: 10 * minute, toMs: 40 * minute, mood: 'down', lagMs: 0 }],
    shocks: [
      { atMs: 3 * minute, shock: 'clock', byMs: yearMs },
      { atMs: 9 * minute, shock: 'clock', byMs: -yearMs },
    ],
    restarts: [...Array(8).keys()].map((i) => ({ atMs: (27 + i) * minute, replica: i })),
  });
}

/** Made-up key ids at every replica, while the issuer is up, down and up again. */
export function attacked(replicas = 8): Plan {
  return quietPlan({
    replicas,
    lengthMs: 15 * minute,
    publications: [
      { atMs: Number.NEGATIVE_INFINITY, keys: [LASTING_KEY, 'first'] },
      { atMs: 4 * minute, keys: [LASTING_KEY, 'first', 'new'] },
      { atMs: 12 * minute, keys: [LASTING_KEY, 'first', 'new', 'newest'] },
    ],
    attacks: [{ fromMs: minute, toMs: 15 * minute }],
    moods: [
      { fromMs: 6 * minute, toMs: 6.5 * minute, mood: 'hang', lagMs: 0 },
      { fromMs: 7 * minute, toMs: 9 * minute, mood: 'down', lagMs: 0 },
    ],
  });
}

/** Made-up key ids at every replica, and an issuer that comes back with a new key after each of its outages. */
export function newKeysAfterOutages(replicas = 8, outages = 1): Plan {
  const starts = [...Array(outages).keys()].map((i) => (4 + 5 * i) * minute);
  const newKeys = ['new', ...starts.slice(1).map((_, i) => `new-${i + 2}`)];
  const lengthMs = (5 + 5 * outages) * minute;
  return quietPlan({
    replicas,
    lengthMs,
    publications: [
      { atMs: Number.NEGATIVE_INFINITY, keys: [LASTING_KEY, 'first'] },
      ...starts.map((fromMs, i) => ({
        atMs: fromMs + minute,
        keys: [LASTING_KEY, 'first', ...newKeys.slice(0, i + 1)],
      })),
    ],
    attacks: [{ fromMs: minute, toMs: lengthMs }],
    moods: starts.map((fromMs) => ({ fromMs, toMs: fromMs + 4 * minute, mood: 'down', lagMs: 0 })),
  });
}

/** One answer without a key that is published. */
export function oneLie(): Plan {
  return quietPlan({
    lengthMs: 12 * minute,
    moods: [{ fromMs: 4 * minute, toMs: 6 * minute, mood: 'truncated', lagMs: 0 }],
  });
}

/** Two halves of the fleet with a store each, of which one is the better informed. */
export function split(): Plan {
  return quietPlan({
    lengthMs: 25 * minute,
    publications: [
      { atMs: Number.NEGATIVE_INFINITY, keys: [LASTING_KEY, 'first'] },
      { atMs: 6 * minute, keys: [LASTING_KEY] },
    ],
    linkFaults: [{ fromMs: 5 * minute, toMs: 16 * minute, fault: 'other_side', replicas: new Set([0, 1, 2, 3]) }],
    shocks: [{ atMs: 18 * minute, shock: 'flush', byMs: 0 }],
  });
}

/** The store loses its latest writes, again and again. */
export function regressions(): Plan {
  return quietPlan({
    lengthMs: 25 * minute,
    publications: [
      { atMs: Number.NEGATIVE_INFINITY, keys: [LASTING_KEY, 'first'] },
      { atMs: 9 * minute, keys: [LASTING_KEY, 'first', 'second'] },
      { atMs: 15 * minute, keys: [LASTING_KEY, 'second'] },
    ],
    shocks: [...Array(40).keys()].map((i) => ({ atMs: (2 + i / 2) * minute, shock: 'regress', byMs: 25 * second })),
  });
}
