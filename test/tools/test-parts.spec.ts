import { matchesGlob } from 'node:path';
import { describe, expect, it } from 'vitest';
import { claimedBefore, globOf, partOf, parts, testFiles } from '../../tools/test-parts.mjs';

describe('the parts of npm test', () => {
  it.each([
    ['src/tokens/roca.spec.ts', 'unit'],
    ['test/transport/http/form-requests.spec.ts', 'integration'],
    ['test/helm/chart.slow.spec.ts', 'slow'],
    ['test/e2e/start.spec.ts', 'e2e'],
    ['test/e2e/newcomer.slow.spec.ts', 'slow'],
    ['test/transport/http/support/ask.ts', undefined],
  ])('put %s into %s', (file, name) => {
    expect(partOf(file)?.name).toBe(name);
  });

  it('have each test file in exactly one project', () => {
    const isIn = (file: string) => (part: (typeof parts)[number]) =>
      matchesGlob(file, globOf(part)) && !claimedBefore(part).some((glob) => matchesGlob(file, glob));
    const files = testFiles();
    expect(files.length).toBeGreaterThan(100);
    for (const file of files) expect(parts.filter(isIn(file))).toEqual([partOf(file)]);
  });

  it('have a test file each', () => {
    expect(new Set(testFiles().map(partOf))).toEqual(new Set(parts));
  });
});
