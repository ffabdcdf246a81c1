// `npm run bench`: builds what is stale, and measures.
import { ensureSystemPackages } from './system-packages.mjs';
import { prepare } from './prepare.mjs';
import { at, node24, run } from './project.mjs';

ensureSystemPackages(['redis-server']);
await prepare();
process.exitCode = await run(node24, [at('bench', 'run.ts'), ...process.argv.slice(2)], { stdout: 1 });
