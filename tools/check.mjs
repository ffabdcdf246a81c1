// `npm run check`: everything that is checked without running a test. The last line counts the checks.
import { checkNames, runChecks } from './checks.mjs';
import { prepare } from './prepare.mjs';
import { finish } from './test-report.mjs';

await finish(async () => {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !checkNames.includes(name));
  if (unknown.length > 0) throw new Error(`there is no check ${unknown.join(', ')}: ${checkNames.join(', ')}`);
  await prepare();
  return runChecks(asked.length > 0 ? checkNames.filter((name) => asked.includes(name)) : checkNames);
});
