// `npm run proxies`: the recipes for Envoy and Traefik, run by the real ones.
import { prepare } from './prepare.mjs';
import { at, node24, run } from './project.mjs';
import { proxyProgram, versionOf } from './proxy-programs.mjs';

const programs = { ASSAY_ENVOY: proxyProgram('envoy'), ASSAY_TRAEFIK: proxyProgram('traefik') };
await prepare();
console.log(`${versionOf('envoy')}\nTraefik ${versionOf('traefik')}`);
const vitest = at('node_modules', 'vitest', 'vitest.mjs');
const args = ['run', '--config', at('test', 'proxies', 'vitest.config.ts'), '--root', at('.')];
process.exitCode = await run(node24, [vitest, ...args, ...process.argv.slice(2)], { stdout: 1, env: programs });
