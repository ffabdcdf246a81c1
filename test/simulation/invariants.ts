import { decisionInvariants } from './decision-invariants.js';
import { keyInvariants } from './key-invariants.js';
import { loadInvariants } from './load-invariants.js';
import { logInvariants } from './log-invariants.js';
import type { Plan } from './plan.js';
import { revocationInvariants } from './revocation-invariants.js';
import { World, type Checker } from './world.js';

/** What one simulation cost. */
export interface Outcome {
  readonly world: World;
  /** Most fetches that the issuer with trouble got in any 300 s. */
  readonly mostFetches: number;
}

/** Lives through a plan and checks every invariant after every step. @throws {InvariantViolated} */
export async function simulate(plan: Plan, further: readonly Checker[] = []): Promise<Outcome> {
  const world = new World(plan);
  const ofKeys = [...keyInvariants(plan), ...loadInvariants(plan)];
  await world.run([
    ...ofKeys,
    ...decisionInvariants(plan),
    ...logInvariants(plan),
    ...revocationInvariants(plan),
    ...further,
  ]);
  return {
    world,
    mostFetches: worstWindow(
      world.issuers.stormy.starts.map(({ atMs }) => atMs),
      300_000,
    ),
  };
}

/** Most moments within any window of this length. */
export function worstWindow(moments: readonly number[], windowMs: number): number {
  let first = 0;
  let most = 0;
  moments.forEach((atMs, i) => {
    while (moments[first]! <= atMs - windowMs) first++;
    most = Math.max(most, i - first + 1);
  });
  return most;
}
