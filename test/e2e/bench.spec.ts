import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const results = join(root, 'bench', 'RESULTS.md');

/** Runs the bench, for a moment. How fast anything is is nothing that a test can say. */
async function bench(...args: readonly string[]): Promise<string> {
  const node = join(root, 'node_modules', '.bin', 'node');
  const { stdout } = await promisify(execFile)(node, [join(root, 'bench', 'run.ts'), ...args], { cwd: root });
  return stdout;
}

describe('the bench', () => {
  it('measures what it is asked for, beside its baseline, and leaves the whole table alone', async () => {
    const before = await readFile(results, 'utf8');
    const output = await bench('introspect', '--rounds', '1', '--seconds', '1');
    expect(output).toMatch(
      /repeated tokens.* \| [\d,]+\/s.* \| bare NestJS \+ Fastify route: [\d,]+\/s.* \| \d+\.\d\d \| ≥ 0\.80 \|/,
    );
    expect(await readFile(results, 'utf8')).toBe(before);
  });

  it('reads hostile key sets with pauses and without', async () => {
    const output = await bench('hostile-keys', '--rounds', '1');
    expect(output.match(/640 (?:RSA|EC) keys .* \| read without pauses: [\d.]+ ms \| [\d.]+ ms \|/g)).toHaveLength(3);
  });

  it('names its scenarios to whoever misspells one', async () => {
    const stderr = expect.stringContaining('introspect') as unknown;
    await expect(bench('introspekt')).rejects.toMatchObject({ code: 2, stderr });
  });
});
