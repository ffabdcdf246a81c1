// `npm run soak`, or `npm run soak -- --minutes 1`: its figures are in docs/soak.md.
import { parseArgs } from 'node:util';
import { prepare } from './prepare.mjs';
import { at, node24, run } from './project.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

const { minutes } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } }).values;
if (!(Number(minutes) > 0)) throw new Error(`--minutes ${minutes}: how many?`);

ensureSystemPackages(['redis-server']);
await prepare();
const vitest = at('node_modules', 'vitest', 'vitest.mjs');
const args = ['run', '--config', at('test', 'soak', 'vitest.config.ts'), '--root', at('.')];
process.exitCode = await run(node24, [vitest, ...args], { stdout: 1, env: { SOAK_MINUTES: minutes } });
