import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../fakes/eventually.js';
import { DEFAULT_PORTS_TIMEOUT_MS, DefaultPorts } from './support/default-ports.js';
import { linesToPaste, paste } from './support/demo.js';

const root = join(import.meta.dirname, '..', '..');

/** A fresh clone installs from the network or from npm's cache, and builds. */
const PATIENCE_MS = 240_000;

/** The environment of a person's shell: nothing of the npm and the test runner around us. */
function personsEnvironment(): NodeJS.ProcessEnv {
  const ours = /^(NODE_ENV|VITEST.*|INIT_CWD|ASSAY_CONFIG|npm_(?!config_(registry|cache|userconfig)$).*)$/i;
  const kept = Object.entries(process.env).filter(([name]) => !ours.test(name));
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((entry) => !entry.startsWith(root));
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter) };
}

describe('a newcomer', () => {
  let ports: DefaultPorts;
  let clone: string;
  let npmStart: ChildProcess;
  let output = '';

  beforeAll(async () => {
    ports = await DefaultPorts.take();
    clone = await mkdtemp(join(tmpdir(), 'assay-clone-'));
    await promisify(execFile)('git', ['clone', '--quiet', '--depth', '1', `file://${root}`, clone]);
    npmStart = spawn('npm', ['start'], { cwd: clone, env: personsEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [npmStart.stdout, npmStart.stderr]) {
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    }
    await eventually(
      () => linesToPaste(output).length === 3 || npmStart.exitCode !== null,
      () => output,
      PATIENCE_MS,
    );
    if (linesToPaste(output).length !== 3) throw new Error(`npm start ended with:\n${output}`);
  }, DEFAULT_PORTS_TIMEOUT_MS + PATIENCE_MS);

  afterAll(async () => {
    if (npmStart.exitCode === null) npmStart.kill('SIGTERM');
    await rm(clone, { recursive: true, force: true });
    await ports.release();
  });

  it('gets the first active answer with two commands and two pasted lines', async () => {
    const [takeToken, introspect] = linesToPaste(output);
    const answer = JSON.parse(await paste(takeToken!, introspect!)) as unknown;

    expect(answer).toMatchObject({ active: true, sub: 'demo-user', scope: 'orders:read', client_id: 'demo-client' });
  });

  it('stops what runs with a signal to npm, and gets exit code 0', async () => {
    npmStart.kill('SIGTERM');
    const [code] = (await once(npmStart, 'exit')) as [number | null];

    expect(code).toBe(0);
    await expect(fetch('http://127.0.0.1:8081/livez')).rejects.toThrow();
  });
});
