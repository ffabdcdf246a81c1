// `npm test`: installs what is missing, builds, checks, and runs every test. `npm test -- claims` runs the same checks, but only
// the test files whose path contains "claims". The last line counts; the exit code agrees with it.
import { rmSync } from 'node:fs';
import { prepare } from './prepare.mjs';
import { at, node24, run } from './project.mjs';
import { ensureSystemPackages } from './system-packages.mjs';
import { countTests } from './test-report.mjs';

const bin = (name) => at('node_modules', '.bin', name);
const report = at('.reports', 'vitest.json');

const checks = {
  types: [bin('tsc'), '-p', '.', '--noEmit'],
  lint: [bin('eslint'), '.', '--max-warnings', '0'],
  boundaries: [bin('depcruise'), 'src', '--output-type', 'err'],
  format: [bin('prettier'), '--check', '--log-level', 'warn', '.'],
  docs: [at('tools', 'generate-docs.mjs'), '--check'],
  protos: [bin('buf'), 'lint'],
  'proto changes': [bin('buf'), 'breaking', '--against', at('proto', 'baseline.json')],
};

/** Takes as long as all others together. */
const slow = 'lint';

async function runChecks() {
  const failed = [];
  const runCheck = async (name) => {
    console.log(`check: ${name}`);
    const [script, ...args] = checks[name];
    if ((await run(node24, [script, ...args], { stdout: 1 })) !== 0) failed.push(`check failed: ${name}`);
  };
  const runOthers = async () => {
    for (const name of Object.keys(checks).filter((each) => each !== slow)) await runCheck(name);
  };
  await Promise.all([runCheck(slow), runOthers()]);
  return failed;
}

async function runTests(filters) {
  rmSync(report, { force: true });
  if (filters.length > 0) console.log(`only test files whose path contains ${filters.join(' or ')}`);
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...filters];
  const code = await run(node24, [at('node_modules', 'vitest', 'vitest.mjs'), ...args], { stdout: 1 });
  const { passed, failed, remarks } = countTests(report);
  // Errors outside of any test fail the run although each test passed.
  if (code !== 0 && failed === 0) return { passed, failed: 1, remarks: ['vitest failed outside of the tests'] };
  return { passed, failed, remarks };
}

async function main() {
  ensureSystemPackages();
  await prepare();
  const failedChecks = await runChecks();
  const { passed, failed, remarks } = await runTests(process.argv.slice(2));
  return { passed, failed: failed + failedChecks.length, remarks: [...failedChecks, ...remarks] };
}

const { passed, failed, remarks } = await main().catch((error) => ({ passed: 0, failed: 1, remarks: [error.message] }));
for (const remark of remarks) console.log(remark);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
