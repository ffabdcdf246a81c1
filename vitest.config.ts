import { defineConfig } from 'vitest/config';

// Nest's dependency injection reads the decorator metadata that the compiler emits.
const decorators = { decorator: { legacy: true, emitDecoratorMetadata: true } };

/** Tests that use the default ports, or that measure what a restart costs: one file at a time, and nothing beside it. */
const alone = ['newcomer', 'start', 'demo', 'rolling-restart'].map((name) => `test/e2e/${name}.spec.ts`);

/** Tests that run processes on ports of their own, and mostly wait for them: the built program, fleets in trouble, the image. */
const processes = ['test/e2e/**/*.spec.ts', 'test/faults/**/*.spec.ts'];

/** Tests that build the image; `npm run test:image` runs them alone. */
const image = ['test/image/**/*.spec.ts'];

const patience = { testTimeout: 120_000, hookTimeout: 90_000 };

export default defineConfig({
  oxc: decorators,
  test: {
    setupFiles: ['test/setup.ts'],
    pool: 'forks',
    testTimeout: 20_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'code',
          include: ['src/**/*.spec.ts', 'test/**/*.spec.ts'],
          exclude: [...processes, ...image],
          // More than there are cores: a good part of them waits for sockets and for Redis.
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'alone', include: alone, maxWorkers: 1, ...patience, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        test: {
          name: 'processes',
          include: processes,
          exclude: alone,
          maxWorkers: 2,
          ...patience,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: { name: 'image', include: image, maxWorkers: 2, ...patience, sequence: { groupOrder: 2 } },
      },
    ],
  },
});
