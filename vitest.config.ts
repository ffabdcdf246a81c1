import { defineConfig } from 'vitest/config';

// Nest's dependency injection reads the decorator metadata that the compiler emits.
const decorators = { decorator: { legacy: true, emitDecoratorMetadata: true } };

/** Tests that run the built program or several real servers: one file at a time, because ports and cores are shared. */
const processes = ['test/e2e/**/*.spec.ts', 'test/faults/**/*.spec.ts'];

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
          exclude: [...processes, ...image],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'processes',
          include: processes,
          maxWorkers: 1,
          testTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: { name: 'image', include: image, testTimeout: 60_000, sequence: { groupOrder: 2 } },
      },
    ],
  },
});
