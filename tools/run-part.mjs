// Runs the test files of one part, and counts them by vitest's own report.
import { existsSync, rmSync } from 'node:fs';
import { at, node24, run } from './project.mjs';
import { countTests } from './test-report.mjs';

const vitest = at('node_modules', 'vitest', 'vitest.mjs');

/**
 * @param {import('./test-parts.mjs').Part} part
 * @param {readonly string[]} args for vitest: parts of paths, options
 * @param {import('./project.mjs').RunOptions} options
 * @returns {Promise<import('./test-report.mjs').Count>}
 */
export async function runPart({ name }, args, options = {}) {
  const report = at('.reports', `${name}.json`);
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await run(node24, [vitest, 'run', '--project', name, ...reporters, ...args], { stdout: 1, ...options });
  if (!existsSync(report)) return { passed: 0, failed: 1, remarks: [`${name}: vitest ended without a report`] };
  const count = countTests(report);
  // Errors outside of any test fail the run although each test passed.
  if (code !== 0 && count.failed === 0)
    return { ...count, failed: 1, remarks: [`${name}: vitest failed outside of the tests`] };
  return count;
}

/**
 * Runs the files of a part again whenever they or what they import changes, until it is interrupted.
 * @param {import('./test-parts.mjs').Part} part
 * @param {readonly string[]} args for vitest
 */
export async function watchPart({ name }, args) {
  process.exitCode = await run(node24, [vitest, 'watch', '--project', name, ...args], { stdin: 0, stdout: 1 });
}
