// `npm run bench [-- name… --rounds 5 --seconds 2]`: measures what an answer costs, each thing beside its baseline.
// `npm run bench -- --against DIRECTORY`: beside another version, whose checkout is built (versions.ts).
import { parseArgs } from 'node:util';
import type { Row } from './scenario.ts';
import { scenarios } from './scenarios/all.ts';
import { tableOf, writeResults } from './results.ts';
import { compareVersions } from './versions.ts';

const { values, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '1.5' },
    against: { type: 'string' },
  },
});
const effort = { rounds: Number(values.rounds), seconds: Number(values.seconds) };

if (values.against !== undefined) {
  await compareVersions(values.against, names, effort);
  process.exit();
}

const known = scenarios.map(({ name }) => name);
const unknown = names.filter((name) => !known.includes(name));
if (unknown.length > 0 || !(effort.rounds >= 1) || !(effort.seconds > 0)) {
  process.stderr.write(
    `usage: npm run bench -- [${known.join(' | ')}]… [--rounds n] [--seconds n]\n       npm run bench -- --against DIRECTORY [--rounds n] [--seconds n]\n`,
  );
  process.exit(2);
}

const chosen = scenarios.filter(({ name }) => names.length === 0 || names.includes(name));
const rows: Row[] = [];
for (const scenario of chosen) {
  process.stdout.write(`${scenario.name} …\n`);
  const found = await scenario.run(effort);
  process.stdout.write(`${tableOf(found)}\n`);
  rows.push(...found);
}
// A part of the table must not replace the whole one.
if (chosen.length === scenarios.length) await writeResults(rows, effort);
