import { quietPlan, type Plan, type PlannedDecision, type StoreShock } from './plan.js';
import { storeAway } from './scenarios.js';

const second = 1_000;
const minute = 60 * second;

function decision(atMs: number, replica: number, verdict: PlannedDecision['verdict'], key: number): PlannedDecision {
  return { atMs, replica, verdict, thumbprint: `denied-${key}` };
}

/** Keys are denied; then the store is emptied again and again, at any time between two readings of the whole log. */
export function emptied(): Plan {
  return quietPlan({
    lengthMs: 8 * minute,
    decisions: [1, 2, 3].map((key) => decision(minute + key * second, key, 'denied', key)),
    shocks: [...Array(9).keys()].map((i) => ({ atMs: 2 * minute + i * 37 * second, shock: 'flush', byMs: 0 })),
  });
}

/** A failover takes away the latest denial, again and again, and the earlier ones stay. Nothing is appended after it. */
export function latestLost(): Plan {
  const failovers = [...Array(6).keys()].map((i) => (2 + i) * minute + i * 7 * second);
  return quietPlan({
    lengthMs: 9 * minute,
    shocks: failovers.map((atMs) => ({ atMs, shock: 'regress', byMs: 6 * second })),
    decisions: [
      decision(minute, 0, 'denied', 1),
      ...failovers.map((atMs, i) => decision(atMs + second, i, 'denied', 10 + i)),
    ],
  });
}

/** The same, and the denial was appended a moment before: only the replica that did it can know. */
export function lostUnread(): Plan {
  const plan = latestLost();
  const decisions = plan.shocks.map(({ atMs, byMs }, i) => decision(atMs + byMs - 20, i, 'denied', 10 + i));
  return { ...plan, decisions };
}

/**
 * A failover loses two denials, and the new primary takes two others at once, before anybody has asked it: as many as were
 * lost. From their number nobody can see the loss.
 */
export function asManyAsWereLost(): Plan {
  // Just before a step: what is decided after the loss is then first seen a whole step after it, and has to come in time.
  const failovers = [...Array(6).keys()].map((i) => (2 + i) * minute + i * 7 * second - 1);
  const shocks: readonly StoreShock[] = failovers.map((atMs) => ({ atMs, shock: 'regress', byMs: 3 * second }));
  const laterMs = 3 * second + 2;
  return quietPlan({
    lengthMs: 9 * minute,
    shocks,
    decisions: failovers.flatMap((atMs, i) => [
      decision(atMs + 0.2 * second, 1, 'denied', 10 * i + 1),
      decision(atMs + 0.2 * second, 1, 'denied', 10 * i + 2),
      decision(atMs + laterMs, 1, 'denied', 10 * i + 3),
      decision(atMs + laterMs, 1, 'denied', 10 * i + 4),
    ]),
  });
}

/** The same, and after each failover a replica is born, which knows nothing but the log. */
export function bornAfterLosses(): Plan {
  const plan = asManyAsWereLost();
  const restarts = plan.shocks.map(({ atMs }, i) => ({ atMs: atMs + 20 * second, replica: 2 + i }));
  return { ...plan, lengthMs: 10 * minute, restarts };
}

/** A key is denied, allowed and denied again, and after each time somebody puts back what stood in the log before. */
export function replayed(): Plan {
  const verdicts = ['denied', 'allowed', 'denied', 'allowed'] as const;
  return quietPlan({
    lengthMs: 6 * minute,
    decisions: verdicts.map((verdict, i) => decision((1 + i) * minute, i, verdict, 1)),
    replays: verdicts.map((_, i) => (1 + i) * minute + 20 * second),
  });
}

/** Keys are denied at one replica while the store is away, and allowed and denied again around the outage. */
export function decidedDuringOutage(): Plan {
  return quietPlan({
    lengthMs: 9 * minute,
    linkFaults: [storeAway(2 * minute, 4 * minute)],
    decisions: [
      decision(minute, 0, 'denied', 1),
      decision(minute, 3, 'denied', 2),
      decision(90 * second, 4, 'allowed', 1),
      decision(3 * minute, 5, 'denied', 1),
      decision(3 * minute, 6, 'denied', 3),
      decision(6 * minute, 7, 'allowed', 3),
      decision(6.5 * minute, 2, 'denied', 3),
    ],
  });
}
