// `npm test`: installs what is missing, builds, checks, and runs every test. `npm test -- claims` runs the same checks, but only
// the test files whose path contains "claims". The last line counts the tests; the exit code agrees with it.
// `npm run test:unit` is `--part unit`: nothing but the tests of that part, and what they need; `--watch` runs them again and again.
import { checkNames, runChecks } from './checks.mjs';
import { buildIfStale, installIfStale } from './prepare.mjs';
import { runPart, watchPart } from './run-part.mjs';
import { ensureSystemPackages } from './system-packages.mjs';
import { partOf, parts, testFiles } from './test-parts.mjs';
import { asLine, finish, sum } from './test-report.mjs';

const { only, isWatching, args } = parseArguments(process.argv.slice(2));
const filters = args.filter((arg) => !arg.startsWith('-'));

/** Those of which any file is asked for. */
function chosenParts() {
  const files = testFiles().filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)));
  const names = new Set(files.map((file) => partOf(file).name));
  const chosen = parts.filter(({ name }) => names.has(name) && (only === undefined || only === name));
  if (chosen.length === 0)
    throw new Error(`no test file of ${only ?? 'any part'} has ${filters.join(' or ')} in its path`);
  return chosen;
}

async function readyPart() {
  const [part] = chosenParts();
  await prepareMachine([part]);
  if (part.needsBuild) await buildIfStale();
  return part;
}

/**
 * Parts that compute run beside checks that do. What waits for processes and for time comes last, with the machine for itself:
 * much of it measures what is late.
 */
async function runAll() {
  const chosen = chosenParts();
  if (filters.length > 0) console.log(`only test files whose path contains ${filters.join(' or ')}`);
  await prepareMachine(chosen);
  let isBuilt = true;
  const build = async () => {
    const error = await buildIfStale().then(
      () => undefined,
      (error) => error,
    );
    isBuilt = error === undefined;
    return isBuilt ? [] : [{ passed: 0, failed: 1, remarks: [error.message] }];
  };
  const checks = async () => {
    // They are no tests: only those that fail count.
    const { failed, remarks } = await timed('check', () => runChecks(checkNames, { prefix: 'check' }));
    return [{ passed: 0, failed, remarks }];
  };
  const tests = (name) => async () => {
    const part = chosen.find((each) => each.name === name);
    if (part === undefined || (part.needsBuild && !isBuilt)) return [];
    return [await timed(name, () => runPart(part, args, { prefix: name }))];
  };
  const beside = await Promise.all([inTurn(tests('unit'), tests('integration')), inTurn(build, checks, tests('slow'))]);
  return sum([...beside.flat(), ...(await tests('e2e')())]);
}

/** Says what came of a part, and how long it took. */
async function timed(name, work) {
  const beganMs = performance.now();
  const count = await work();
  console.log(`${name}: ${asLine(count)} in ${Math.round((performance.now() - beganMs) / 1_000)} s`);
  return count;
}

async function inTurn(...steps) {
  const counts = [];
  for (const step of steps) counts.push(...(await step()));
  return counts;
}

/** Both fetch from a network: each while the other waits. */
async function prepareMachine(chosen) {
  const ensure = async () => ensureSystemPackages(chosen.flatMap(({ commands }) => commands));
  await Promise.all([installIfStale(), ensure()]);
}

function parseArguments([...all]) {
  const at = all.indexOf('--part');
  const [, part] = at < 0 ? [] : all.splice(at, 2);
  const watching = all.filter((arg) => arg !== '--watch');
  return { only: part, isWatching: watching.length < all.length, args: watching };
}

if (isWatching) await watchPart(await readyPart(), args);
else if (only !== undefined) await finish(async () => runPart(await readyPart(), args));
else await finish(runAll);
