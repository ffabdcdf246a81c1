/** A part of `npm test`. Types for vitest.config.ts and for tests; the parts themselves are in test-parts.mjs. */
export interface Part {
  /** Of its vitest project, and of its script: `npm run test:unit`. */
  readonly name: string;
  readonly folder: string;
  /** Of its files. */
  readonly suffix: string;
  /** Test files that run at the same time; more than there are cores where they mostly wait. */
  readonly workers: number;
  /** What its tests need of the machine (system-packages.mjs). */
  readonly commands: readonly string[];
  /** Whether its tests run what is in `dist`. */
  readonly needsBuild: boolean;
}

export const parts: readonly Part[];
export function globOf(part: Part): string;
export function partOf(file: string): Part | undefined;
export function claimedBefore(part: Part): readonly string[];
export function testFiles(): readonly string[];
