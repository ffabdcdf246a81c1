import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The lines to paste in what demo mode prints. */
export function linesToPaste(output: string): readonly string[] {
  return output.split('\n').filter((line) => line.includes('curl '));
}

/** Runs lines in one shell, as somebody who pastes them. @returns what they print */
export async function paste(...lines: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('bash', ['-e', '-o', 'pipefail', '-c', lines.join('\n')]);
  return stdout;
}
