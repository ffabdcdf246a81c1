import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Child } from '../../bench/harness/child.ts';

const root = join(import.meta.dirname, '..', '..');
const results = join(root, 'bench', 'RESULTS.md');

/** Runs the bench, for a moment. How fast anything is is nothing that a test can say. */
async function bench(...args: readonly string[]): Promise<string> {
  return benchWith({}, ...args);
}

/** The same with variables of the environment that name peers. */
async function benchWith(peers: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<string> {
  const node = join(root, 'node_modules', '.bin', 'node');
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('ASSAY_BENCH_'));
  const env = { ...Object.fromEntries(others), ...peers };
  const { stdout } = await promisify(execFile)(node, [join(root, 'bench', 'run.ts'), ...args], { cwd: root, env });
  return stdout;
}

describe('the bench', () => {
  it('measures what it is asked for, beside its baseline, and leaves the whole table alone', async () => {
    const before = await readFile(results, 'utf8');
    const output = await bench('introspect', '--rounds', '1', '--seconds', '1');
    expect(output).toMatch(
      /repeated tokens.* \| [\d,]+\/s.* \| bare NestJS \+ Fastify route: [\d,]+\/s.* \| \d+\.\d{3} \([\d.]+ to [\d.]+\); by the processor [\d.]+ \| ≥ 0\.80 \|/,
    );
    expect(await readFile(results, 'utf8')).toBe(before);
  });

  it('reads hostile key sets with pauses and without', async () => {
    const output = await bench('hostile-keys', '--rounds', '1');
    expect(output.match(/640 (?:RSA|EC) keys .* \| read without pauses: [\d.]+ ms \| [\d.]+ ms \|/g)).toHaveLength(3);
  });

  it('measures the peer that is always there, and says of each other one which variable would name it', async () => {
    const output = await bench('peers', '--rounds', '1', '--seconds', '1');
    expect(output).toMatch(
      /\/introspect.* \| [\d,]+\/s.* \| node-oidc-provider .*: [\d,]+\/s, \d+ µs CPU \| × [\d.]+,/,
    );
    for (const name of ['KEYCLOAK', 'HYDRA', 'OATHKEEPER', 'HEIMDALL']) {
      expect(output).toMatch(new RegExp(`\\| – \\| [\\w ]+: not measured, no ASSAY_BENCH_${name} names `));
    }
  });

  it.each(['/nowhere/heimdall', root, join(root, 'README.md')])(
    'refuses %s as a peer before it measures',
    async (path) => {
      const stderr = expect.stringContaining(
        `ASSAY_BENCH_HEIMDALL names ${path}, and there is no program that can be run: name the program heimdall`,
      ) as unknown;
      const stdout = expect.not.stringContaining('node-oidc-provider') as unknown;
      await expect(benchWith({ ASSAY_BENCH_HEIMDALL: path }, 'peers', '--rounds', '1')).rejects.toMatchObject({
        stderr,
        stdout,
      });
    },
  );

  it('counts the processor time of a program that a script starts, and ends both', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
    const script = join(folder, 'peer.sh');
    const busy = 'while (process.cpuUsage().user < 2e5); console.log("ready"); setInterval(() => {}, 1e6)';
    const trap = 'trap \'kill "$!"; wait "$!"; exit\' TERM';
    await writeFile(script, `#!/bin/sh\n${trap}\n"${process.execPath}" -e '${busy}' &\necho "pid $!"\nwait "$!"\n`);
    await chmod(script, 0o755);
    const child = await Child.start({ program: script, args: [], ready: 'ready\n' });
    const started = Number(/pid (\d+)/.exec(await child.output())?.[1]);
    expect(await child.cpuMs()).toBeGreaterThanOrEqual(100);
    await child.stop();
    expect(() => process.kill(started, 0)).toThrow('ESRCH');
    await rm(folder, { recursive: true });
  });

  it('names its scenarios to whoever misspells one', async () => {
    const stderr = expect.stringContaining('introspect') as unknown;
    await expect(bench('introspekt')).rejects.toMatchObject({ code: 2, stderr });
  });
});
