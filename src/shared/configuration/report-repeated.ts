import type { ProblemReporter } from './problem.js';

/**
 * Tells of each value that an earlier one equals; what is `undefined` equals nothing.
 * @param pathOf the path of the value at an index
 * @param expected what would have been right instead
 */
export function reportRepeated(
  values: readonly (string | undefined)[],
  pathOf: (index: number) => string,
  expected: string,
  tell: ProblemReporter,
): void {
  const first = new Map<string, number>();
  values.forEach((value, i) => {
    const earlier = value === undefined ? undefined : first.get(value);
    if (earlier !== undefined) tell({ path: pathOf(i), found: `the same as ${pathOf(earlier)}`, expected });
    else if (value !== undefined) first.set(value, i);
  });
}
