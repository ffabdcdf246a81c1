import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { harmless, mutants } from './log-mutants.js';
import * as scenarios from './log-scenarios.js';
import { put, seeds, violationsOf } from './mutated-runs.js';

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
