import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { put, seeds, violationsOf } from './mutated-runs.js';
import { revocationMutants } from './revocation-mutants.js';
import * as scenarios from './revocation-scenarios.js';

const { anything, ...directed } = scenarios;
const minute = 60_000;

/** Seeds of {@link anything}: `SEEDS` asks for more than every run can afford. */
const trouble = [...Array(Number(process.env['SEEDS'] ?? 6)).keys()];

beforeEach(() => {
  vi.resetModules();
  vi.doMock('../../src/tokens/import-jwk.js', () => import('./cheap-keys.js'));
});

afterEach(() => {
  for (const { part } of revocationMutants) vi.doUnmock(`${part}.js`);
});

describe('what is revoked of tokens', { timeout: 120_000 }, () => {
  it.each(Object.entries(directed))('R1-R6 hold without a mutant: %s', async (_name, plan) => {
    expect(await violationsOf(plan())).toEqual(seeds.map(() => 'none'));
  });

  it.each(trouble)('R1-R6 hold in trouble of every kind: seed %i', async (seed) => {
    const { World } = await import('./world.js');
    const { revocationInvariants } = await import('./revocation-invariants.js');
    const plan = anything(seed, 8, 20 * minute);
    const world = new World(plan);
    await world.run(revocationInvariants(plan));
    expect(world.replicas.some(({ revoked }) => revoked!.decisions().length > 0)).toBe(true);
  });

  it.each(revocationMutants)('mutant killed: $name', async (mutant) => {
    put(mutant);
    expect(await violationsOf(mutant.plan)).toEqual(seeds.map((): unknown => expect.stringMatching(mutant.killedBy)));
  });
});
