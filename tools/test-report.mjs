// Counts what a vitest JSON report says. A suite that could not be loaded, and a test that did not run, have not passed.
import { readFileSync } from 'node:fs';

/**
 * @param path of the report
 * @returns how many tests passed and failed, and what to say about the failed ones that vitest itself does not list
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

/** True of a file without any test: it could not be loaded. */
function hasOnlyPassedTests(file) {
  return file.assertionResults.every((test) => test.status === 'passed');
}
