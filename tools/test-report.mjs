// Counts what vitest's JSON reports say. A suite that could not be loaded, and a test that did not run, have not passed.
import { readFileSync } from 'node:fs';

/**
 * @typedef {object} Count
 * @property {number} passed
 * @property {number} failed
 * @property {readonly string[]} remarks what to say about the failed ones that the runner itself does not list
 */

/**
 * @param {string} path of the report
 * @returns {Count} of its tests
 */
export function countTests(path) {
  const report = JSON.parse(readFileSync(path, 'utf8'));
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const passed = tests.filter((test) => test.status === 'passed').length;
  const broken = report.testResults.filter((file) => file.status === 'failed' && hasOnlyPassedTests(file));
  const notRun = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed');
  return {
    passed,
    failed: tests.length - passed + broken.length,
    remarks: [
      ...broken.map((file) => `failed outside of its tests: ${file.name}`),
      ...notRun.map((test) => `did not run: ${test.fullName}`),
    ],
  };
}

/**
 * @param {readonly Count[]} counts
 * @returns {Count}
 */
export function sum(counts) {
  return {
    passed: counts.reduce((total, { passed }) => total + passed, 0),
    failed: counts.reduce((total, { failed }) => total + failed, 0),
    remarks: counts.flatMap(({ remarks }) => remarks),
  };
}

/** What a count looks like as the last line of an output. */
export const asLine = ({ passed, failed }) => `${passed} passed, ${failed} failed`;

/**
 * Runs all of a command, says what came of it, and sets the exit code. An exception is one failure, told in its message.
 * @param {() => Promise<Count>} work
 */
export async function finish(work) {
  const count = await work().catch((error) => ({ passed: 0, failed: 1, remarks: [error.message] }));
  for (const remark of count.remarks) console.log(remark);
  console.log(asLine(count));
  process.exitCode = count.failed === 0 ? 0 : 1;
}

/** True of a file without any test: it could not be loaded. */
function hasOnlyPassedTests(file) {
  return file.assertionResults.every((test) => test.status === 'passed');
}
