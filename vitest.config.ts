import { defineConfig } from 'vitest/config';
import { claimedBefore, globOf, parts } from './tools/test-parts.mjs';

// Nest's dependency injection reads the decorator metadata that the compiler emits.
const decorators = { decorator: { legacy: true, emitDecoratorMetadata: true } };

/** Tests that run processes, in milliseconds: they wait for them, and the machine may be busy. */
const patience = { testTimeout: 120_000, hookTimeout: 90_000 };

/** One project for each part of `npm test`: tools/test-parts.mjs says which file belongs to which. */
export default defineConfig({
  oxc: decorators,
  test: {
    setupFiles: ['test/setup.ts'],
    pool: 'forks',
    testTimeout: 20_000,
    hookTimeout: 30_000,
    projects: parts.map((part, groupOrder) => ({
      extends: true as const,
      test: {
        name: part.name,
        include: [globOf(part)],
        exclude: [...claimedBefore(part)],
        maxWorkers: part.workers,
        // Units share nothing that could be left changed, and to load their modules anew for each file is most of their time.
        isolate: part.name !== 'unit',
        sequence: { groupOrder },
        ...(['slow', 'e2e'].includes(part.name) && patience),
      },
    })),
  },
});
