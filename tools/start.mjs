// `npm start`: on a fresh clone with nothing but Node 20.19+ and npm, installs, builds, and runs the program on Node 24.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { prepare } from './prepare.mjs';
import { nodeEnvironment, nodeFlags } from './node-flags.mjs';
import { at, node24 } from './project.mjs';

try {
  await prepare();
} catch (error) {
  console.error(`Assay could not be started: ${error.message}`);
  process.exit(1);
}

const program = spawn(node24, [...nodeFlags, '--enable-source-maps', at('dist', 'main.js')], {
  stdio: 'inherit',
  env: { ...nodeEnvironment, ...process.env },
});

// A closed terminal ends the program; without a terminal SIGHUP is the program's own "reload".
const meaningOf = { SIGTERM: 'SIGTERM', SIGINT: 'SIGINT', SIGHUP: process.stdin.isTTY ? 'SIGTERM' : 'SIGHUP' };
for (const [signal, meaning] of Object.entries(meaningOf)) process.on(signal, () => program.kill(meaning));

program.on('error', (error) => {
  console.error(`Assay could not be started: ${error.message}`);
  process.exitCode = 1;
});
program.on('exit', (code, signal) => {
  process.exitCode = code ?? 128 + constants.signals[signal];
});
