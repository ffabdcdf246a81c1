import type { ConfigurationProblem } from '../shared/configuration/place.js';
import type { FileDigests } from './file-digests.js';

/** Exit code of a process that its configuration keeps from starting: EX_CONFIG of sysexits.h. */
export const EXIT_CONFIGURATION_INVALID = 78;

/** Why there is no configuration. The message is for a person, with every problem on a line of its own; no secret is in it. */
export class ConfigurationInvalid extends Error {
  override readonly name = 'ConfigurationInvalid';

  /**
   * @param source the file, as its user named it
   * @param files what was read, or looked for: where the remedy may appear
   */
  constructor(
    readonly source: string,
    readonly problems: readonly ConfigurationProblem[],
    readonly files: FileDigests = new Map(),
  ) {
    const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
    super(`${source}: ${count} in the configuration\n\n${problemTable(source, problems)}\n`);
  }
}

/** One line for each problem, `file:line  path: found …, expected …`, as columns. */
export function problemTable(source: string, problems: readonly ConfigurationProblem[]): string {
  const rows = problems.map((problem) => [
    placeIn(problem.file ?? source, problem.line),
    problem.path === '' ? 'the whole file' : problem.path,
    `found ${problem.found}, expected ${problem.expected}`,
  ]);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(([place = '', path = '', what = '']) => {
      const [first = 0, second = 0] = widths;
      return `  ${place.padEnd(first)}  ${`${path}:`.padEnd(second + 1)} ${what}`;
    })
    .join('\n');
}

function placeIn(file: string, line: number | undefined): string {
  return line === undefined ? file : `${file}:${line}`;
}
