// What is checked without running a test. `npm run check` runs all of it; `npm run check -- docs types` some of it.
import { at, node24, run } from './project.mjs';

const bin = (name) => at('node_modules', '.bin', name);

const checks = {
  lint: [bin('eslint'), '.', '--max-warnings', '0'],
  types: [bin('tsc'), '-p', '.', '--noEmit'],
  'console types': [bin('tsc'), '-p', 'console', '--noEmit'],
  boundaries: [bin('depcruise'), 'src', '--output-type', 'err'],
  format: [bin('prettier'), '--check', '--log-level', 'warn', '.'],
  docs: [at('tools', 'generate-docs.mjs'), '--check'],
  requirements: [at('tools', 'check-requirements.mjs')],
  protos: [bin('buf'), 'lint'],
  'proto changes': [bin('buf'), 'breaking', '--against', at('proto', 'baseline.json')],
};

/** The names that can be asked for. */
export const checkNames = Object.keys(checks);

/** Lint takes as long as all others together. */
const slowest = 'lint';

/**
 * @param {readonly string[]} names
 * @returns {Promise<import('./test-report.mjs').Count>} how many checks passed and failed
 */
export async function runChecks(names, options = {}) {
  const remarks = [];
  const runOne = async (name) => {
    console.log(`check: ${name}`);
    const [script, ...args] = checks[name];
    if ((await run(node24, [script, ...args], { stdout: 1, ...options })) !== 0) remarks.push(`check failed: ${name}`);
  };
  const runOthers = async () => {
    for (const name of names.filter((each) => each !== slowest)) await runOne(name);
  };
  await Promise.all([names.includes(slowest) && runOne(slowest), runOthers()]);
  return { passed: names.length - remarks.length, failed: remarks.length, remarks };
}
