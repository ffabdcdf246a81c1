// Where things are, and how to run them. Plain Node 20.19: this runs before anything is installed.
import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The Node 24 that the program, its build and its tests run on, whatever the machine has. */
export const node24 = join(root, 'node_modules', '.bin', 'node');

/** A path below the root. */
export const at = (...parts) => join(root, ...parts);

const projectBin = at('node_modules', '.bin');

/** PATH with the project's own commands first, so that every `#!/usr/bin/env node` below means Node 24. */
const withProjectNode = () => [projectBin, pathWithoutProject()].join(delimiter);

/** PATH without the project's own commands: an installation replaces them while it runs. */
export const pathWithoutProject = () =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .filter((entry) => entry !== projectBin)
    .join(delimiter);

/** Runs a command to its end and resolves to its exit code. Standard output goes to standard error unless `stdout` says otherwise. */
export function run(command, args, { stdout = 2, path = withProjectNode(), env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', stdout, 2],
      env: { ...process.env, ...env, PATH: path },
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(signal ? 1 : code));
  });
}
