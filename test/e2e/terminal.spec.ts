import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventually } from '../fakes/eventually.js';
import { freePort } from '../fakes/free-port.js';
import { callerSection, ordersApi } from './support/configuration.js';

const root = join(import.meta.dirname, '..', '..');

it('speaks to a person at a terminal in lines that can be read, and ends with Ctrl-C', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'assay-terminal-'));
  const file = join(directory, 'assay.yaml');
  const [http, management] = [await freePort(), await freePort()];
  const configuration = {
    server: { http: { port: http }, management: { port: management }, grpc: { enabled: false } },
    issuers: [],
    callers: [callerSection(ordersApi.id, ordersApi.secret)],
  };
  await writeFile(file, JSON.stringify(configuration));
  // `script` gives the program a terminal of its own, and us what would be on its screen.
  const program = `exec ${join(root, 'node_modules', '.bin', 'node')} ${join(root, 'dist', 'main.js')}`;
  const terminal = spawn('script', ['--quiet', '--flush', '--return', '--command', program, '/dev/null'], {
    env: { PATH: process.env['PATH'], ASSAY_CONFIG: file },
  });
  let screen = '';
  terminal.stdout.on('data', (chunk: Buffer) => (screen += chunk.toString()));
  await eventually(
    () => screen.includes('ready'),
    () => screen,
  );
  terminal.stdin.write('\x03');
  const [exitCode] = (await once(terminal, 'close')) as [number];
  await rm(directory, { recursive: true });

  const line = screen.split('\r\n').find((each) => each.includes('ready'));
  expect(line).toMatch(/^\d\d:\d\d:\d\d INFO {2}ready .*public=http:\/\/127\.0\.0\.1:\d+/);
  expect(screen).toContain('stopped');
  expect(exitCode).toBe(0);
});
