// Where things are, and how to run them. Plain Node 20.19: this runs before anything is installed.
import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
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

/**
 * @typedef {object} RunOptions
 * @property {number | 'ignore'} [stdin] default: none
 * @property {number} [stdout] where standard output goes; default: to standard error
 * @property {string} [prefix] stands before each line of both outputs: of commands that run beside each other
 * @property {string} [path]
 * @property {NodeJS.ProcessEnv} [env]
 */

/**
 * Runs a command to its end and resolves to its exit code.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} options
 */
export function run(command, args, { stdin = 'ignore', stdout = 2, prefix, path = withProjectNode(), env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: prefix === undefined ? [stdin, stdout, 2] : [stdin, 'pipe', 'pipe'],
      env: { ...process.env, ...env, PATH: path },
    });
    for (const output of [child.stdout, child.stderr].filter((each) => each !== null))
      createInterface({ input: output }).on('line', (line) => console.log(`${prefix} | ${line}`));
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(signal ? 1 : code));
  });
}
