import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { eventually } from './assay-process.js';

/** Demo mode has fixed ports, so that only one test at a time can have one. @returns what gives them back */
export async function holdDemoPorts(): Promise<() => Promise<void>> {
  const server = createServer();
  const tryOnce = (): Promise<boolean> =>
    new Promise((resolve) => {
      server.once('error', () => {
        resolve(false);
      });
      // An abstract socket: it exists as long as this process, whatever becomes of the test.
      server.listen('\0assay-demo-ports', () => {
        resolve(true);
      });
    });
  await eventually(tryOnce, () => 'another test holds the ports of demo mode', 240_000);
  return () =>
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
    });
}

/** The lines to paste in what demo mode prints. */
export function linesToPaste(output: string): readonly string[] {
  return output.split('\n').filter((line) => line.includes('curl '));
}

/** Runs lines in one shell, as somebody who pastes them. @returns what they print */
export async function paste(...lines: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('bash', ['-e', '-o', 'pipefail', '-c', lines.join('\n')]);
  return stdout;
}
