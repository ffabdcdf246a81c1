import { defineConfig } from 'vitest/config';

// Nest's dependency injection reads the decorator metadata that the compiler emits.
const decorators = { decorator: { legacy: true, emitDecoratorMetadata: true } };

/** Tests that run the built program: one file at a time, because some of them use the default ports, or make load. */
const processes = ['test/e2e/**/*.spec.ts', 'test/faults/flood.spec.ts'];

/** Tests that watch replicas through trouble. They mostly wait, on ports of their own: two files at a time. */
const faults = ['test/faults/**/*.spec.ts'];

/** Tests that build the image. */
const image = ['test/image/**/*.spec.ts'];

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
          exclude: [...processes, ...faults, ...image],
          // More than there are cores: a good part of them waits for sockets and for Redis.
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'processes',
          include: processes,
          maxWorkers: 1,
          testTimeout: 120_000,
          hookTimeout: 90_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'faults',
          include: faults,
          exclude: processes,
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 90_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: { name: 'image', include: image, testTimeout: 60_000, sequence: { groupOrder: 3 } },
      },
    ],
  },
});
