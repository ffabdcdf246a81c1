// Shows whether two versions of the program speak the same HTTP: sends both the same messages, most of them damaged, and compares
// statuses, headers, bodies, the state of the connection, and what becomes of octets that are left over.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { kindOf, planOf } from './compare-listeners/cases.mjs';
import { changeBetween, keyOf } from './compare-listeners/answers.mjs';
import { Comparison, exampleOf } from './compare-listeners/comparison.mjs';
import { exampleText, reportOf, textOf } from './compare-listeners/report.mjs';
import { Service } from './compare-listeners/service.mjs';
import { createWorld } from './compare-listeners/world.mjs';
import { at } from './project.mjs';

const help = `node tools/compare-listeners.mjs [options] OLD NEW

OLD and NEW are two checkouts of the program, each of them built (dist/main.js). Both are started with the same
configuration, and are sent the same HTTP/1.1 messages on connections that are made and cut in the same way.

  --messages N      how many messages to send (default 100000)
  --seed N          what they are made of: the same seed makes the same messages (default 1)
  --connections N   connections to each of them at the same time (default 64)
  --case N          play this one case of the seed only, and show it
  --json FILE       where the report goes as JSON (default .reports/compare-listeners.json)
  --help            this text

A case is one connection: one or several messages, how they are cut into pieces, and whether the client ends its side.
Unless it does, a request that is in order (the probe) follows when all is answered, and shows what the connection is still
good for. A case that differs is played again: where both have an outcome in common it is chance that decides, and
the report says so apart. Of what remains, the smallest part that still differs is shown.

Linux only: each connection comes from an address of its own in 127.0.0.0/8, since failed attempts are counted by address.

Exit code: 0 no differences, 1 differences, 2 it could not be found out.`;

const options = {
  messages: { type: 'string', default: '100000' },
  seed: { type: 'string', default: '1' },
  connections: { type: 'string', default: '64' },
  case: { type: 'string' },
  json: { type: 'string', default: at('.reports', 'compare-listeners.json') },
  help: { type: 'boolean', default: false },
};

/** How often to say how far it is, in milliseconds. */
const PROGRESS_MS = 10_000;

async function main() {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (values.help) {
    console.log(help);
    return 0;
  }
  if (positionals.length !== 2) throw new Error(`two checkouts are needed\n\n${help}`);
  const seed = count(values, 'seed');
  const world = createWorld(seed, Date.now());
  const services = [];
  const stop = () => Promise.all(services.map((service) => service.stop()));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stop().then(() => process.exit(2)));
  try {
    for (const checkout of positionals) services.push(await Service.start(checkout, world));
    const comparison = new Comparison({ seed, world, services });
    if (values.case !== undefined) return await showCase(comparison, count(values, 'case'));
    return await compareAll(comparison, values, positionals);
  } finally {
    await stop();
  }
}

async function compareAll(comparison, values, directories) {
  const [messages, connections] = [count(values, 'messages'), count(values, 'connections')];
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  const progress = setInterval(() => {
    const { messages: sent, differences, unsteady } = comparison;
    const found = [...differences.values()].reduce((sum, each) => sum + each.count, 0);
    console.error(`${Math.round(seconds())} s: ${sent} messages, ${found} cases differ, ${unsteady.size} by chance`);
  }, PROGRESS_MS);
  try {
    await comparison.run(messages, connections);
  } finally {
    clearInterval(progress);
  }
  const report = reportOf(comparison, { directories, seconds: seconds() });
  mkdirSync(dirname(values.json), { recursive: true });
  writeFileSync(values.json, JSON.stringify(report, undefined, 2));
  console.log(textOf(report));
  return report.differences.length === 0 ? 0 : 1;
}

async function showCase(comparison, index) {
  const plan = planOf(comparison.seed, index);
  const outcomes = await comparison.outcomesOf(plan);
  const isSame = keyOf(outcomes[0]) === keyOf(outcomes[1]);
  console.log(`${kindOf(plan)}: ${isSame ? 'the same' : changeBetween(...outcomes)}`);
  console.log(exampleText(exampleOf(plan, comparison.world, outcomes)));
  return isSame ? 0 : 1;
}

function count(values, name) {
  const number = Number(values[name]);
  if (!Number.isSafeInteger(number) || number < 0)
    throw new Error(`--${name} ${values[name]}: a whole number is needed`);
  return number;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}
