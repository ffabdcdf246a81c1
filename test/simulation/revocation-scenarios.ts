import { Dice } from './dice.js';
import { quietPlan, randomPlan, type Plan, type PlannedRevocation } from './plan.js';
import { storeAway } from './scenarios.js';

const second = 1_000;
const minute = 60 * second;

/** Revocations come from dice of their own. */
const REVOCATIONS_SEED = 2_000_003;

const kinds = ['token', 'session', 'subject'] as const;

function revocation(
  atMs: number,
  replica: number,
  verdict: PlannedRevocation['verdict'],
  name: number,
  more: Partial<PlannedRevocation> = {},
): PlannedRevocation {
  return { atMs, replica, verdict, kind: kinds[name % kinds.length]!, value: `name ${name}`, ...more };
}

const three = [0, 1, 2].map((name) => revocation(minute + name * second, name, 'revoked', name));

/** Redis is emptied, and a replica is born that knows nothing but what others brought back. */
export function emptied(): Plan {
  return quietPlan({
    lengthMs: 8 * minute,
    revocations: three,
    shocks: [2, 4, 6].map((at) => ({ atMs: at * minute, shock: 'flush', byMs: 0 })),
    restarts: [0, 1, 2].map((i) => ({ atMs: (2 + 2 * i) * minute + 45 * second, replica: i })),
  });
}

/** All that was ever decided is put back after each decision: genuine, and maybe long taken back. */
export function replayed(): Plan {
  const verdicts = ['revoked', 'allowed', 'revoked', 'allowed'] as const;
  return quietPlan({
    lengthMs: 6 * minute,
    revocations: [0, 1, 2].flatMap((name) =>
      verdicts.map((verdict, i) => revocation((1 + i) * minute + name * second, i, verdict, name)),
    ),
    replays: verdicts.map((_, i) => (1 + i) * minute + 20 * second),
  });
}

/** Something is revoked at one replica while Redis is away, and around that; some of it ends by itself. */
export function duringOutage(): Plan {
  return quietPlan({
    lengthMs: 8 * minute,
    linkFaults: [storeAway(2 * minute, 4 * minute)],
    revocations: [
      ...three,
      revocation(90 * second, 4, 'allowed', 1),
      revocation(3 * minute, 5, 'revoked', 1),
      revocation(3 * minute, 6, 'revoked', 3),
      revocation(3 * minute, 6, 'revoked', 4, { forMs: 3 * minute }),
      // The longer one holds, whichever of them is the later.
      revocation(3 * minute, 5, 'revoked', 6),
      revocation(3.5 * minute, 6, 'revoked', 6, { forMs: 3 * minute }),
      revocation(6 * minute, 7, 'allowed', 3),
    ],
  });
}

/** Tokens are remembered, then revoked by the names that they have after the registration has changed. */
export function registeredAnew(): Plan {
  const other = { kind: 'token', value: 'other name 0' } as const;
  return quietPlan({
    lengthMs: 5 * minute,
    registeredAnewAtMs: 2 * minute,
    revocations: [
      ...three,
      revocation(3 * minute, 4, 'revoked', 0, other),
      revocation(3.5 * minute, 4, 'allowed', 0, other),
    ],
  });
}

/** More is revoked than the quota has room for; then room comes as something ends. */
export function moreThanTheQuota(): Plan {
  const many = [...Array(24).keys()];
  return quietPlan({
    lengthMs: 6 * minute,
    quota: 4,
    revocations: many.map((name) =>
      revocation(minute + name * 4 * second, name % 8, 'revoked', name, { forMs: 90 * second }),
    ),
  });
}

/** Trouble of every kind: Redis emptied, failed over, cut for some or for all, replicas paused and started anew, and operators who disagree. */
export function anything(seed: number, replicas: number, lengthMs: number): Plan {
  const dice = new Dice(seed + REVOCATIONS_SEED);
  const revocations: PlannedRevocation[] = [];
  for (let atMs = dice.between(0, minute); atMs < lengthMs; atMs += dice.between(second, 60 * second)) {
    const ends = dice.chance(0.2) ? { forMs: dice.between(20 * second, 5 * minute) } : {};
    const verdict = dice.chance(0.6) ? 'revoked' : 'allowed';
    revocations.push(revocation(atMs, dice.integer(0, replicas - 1), verdict, dice.integer(0, 8), ends));
  }
  return { ...randomPlan(seed, replicas, lengthMs), revocations, registeredAnewAtMs: dice.between(0, lengthMs) };
}
