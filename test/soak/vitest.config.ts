import { defineConfig } from 'vitest/config';

/** `npm run soak`: not a part of `npm test`. */
export default defineConfig({
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: { include: ['test/soak/soak.ts'], setupFiles: ['test/setup.ts'], pool: 'forks', hookTimeout: 60_000 },
});
