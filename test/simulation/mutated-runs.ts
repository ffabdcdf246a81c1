import { expect, vi } from 'vitest';
import type { Mutant } from './log-mutants.js';
import type { Plan } from './plan.js';
import type { InvariantViolated } from './world.js';

/** Chance decides when replicas read, and a check must not need luck: every seed has to find every mutant. */
export const seeds = [...Array(Number(process.env['SEEDS'] ?? 2)).keys()];

/** Puts the mutant in the place of the part. */
export function put({ part, mutate }: Pick<Mutant, 'part' | 'mutate'>): void {
  vi.doMock(`${part}.js`, async (real) => {
    const actual = await real<never>();
    return { ...(actual as object), ...(mutate(actual) as object) };
  });
}

/** The simulation over parts that were loaded anew. */
async function simulateAnew(plan: Plan): Promise<void> {
  const { simulate } = await import('./invariants.js');
  await simulate(plan);
}

/** The invariant that each seed finds broken, or `none`. */
export async function violationsOf(plan: Plan): Promise<readonly string[]> {
  const found: string[] = [];
  for (const seed of seeds) found.push(await violationOf({ ...plan, seed }));
  return found;
}

async function violationOf(plan: Plan): Promise<string> {
  try {
    await simulateAnew(plan);
    return 'none';
  } catch (error) {
    expect(error).toMatchObject({ name: 'InvariantViolated' });
    return (error as InvariantViolated).invariant;
  }
}
