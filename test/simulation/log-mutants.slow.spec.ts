import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { harmless, mutants, type Mutant } from './log-mutants.js';
import * as scenarios from './log-scenarios.js';
import type { Plan } from './plan.js';
import type { InvariantViolated } from './world.js';

/** Chance decides when replicas read, and a check must not need luck: every seed has to find every mutant. */
const seeds = [...Array(Number(process.env['SEEDS'] ?? 2)).keys()];

/** Puts the mutant in the place of the part. */
function put({ part, mutate }: Pick<Mutant, 'part' | 'mutate'>): void {
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
async function violationsOf(plan: Plan): Promise<readonly string[]> {
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

beforeEach(() => {
  vi.resetModules();
  vi.doMock('../../src/tokens/import-jwk.js', () => import('./cheap-keys.js'));
});

afterEach(() => {
  for (const { part } of [...mutants, ...harmless]) vi.doUnmock(`${part}.js`);
});

describe('the log of changes', { timeout: 120_000 }, () => {
  it.each(Object.entries(scenarios))('holds without a mutant: %s', async (_name, plan) => {
    expect(await violationsOf(plan())).toEqual(seeds.map(() => 'none'));
  });

  it.each(mutants)('mutant killed: $name', async (mutant) => {
    put(mutant);
    expect(await violationsOf(mutant.plan)).toEqual(seeds.map((): unknown => expect.stringMatching(mutant.killedBy)));
  });

  // `src/changes/change-log.spec.ts` holds that hints do come: "holds a hint until the store takes it" and the ones about missed hints.
  it.each(harmless)('costs time and breaks no bound: $name', async (mutant) => {
    put(mutant);
    expect(await violationsOf(mutant.plan)).toEqual(seeds.map(() => 'none'));
  });
});
