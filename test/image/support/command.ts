import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Without the project's own commands: the machine's npm has the machine's settings. */
const PATH = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((entry) => !entry.endsWith(join('node_modules', '.bin')))
  .join(delimiter);

/**
 * Runs a program of the machine to its end.
 * @returns what it printed, without the line end
 * @throws {Error} with what it said, where it failed
 */
export async function command(program: string, args: readonly string[], cwd?: string): Promise<string> {
  const env = { ...process.env, PATH };
  const { stdout } = await execute(program, [...args], { env, maxBuffer: 64 * 1024 * 1024, ...(cwd && { cwd }) });
  return stdout.trimEnd();
}
