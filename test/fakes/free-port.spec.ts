// Two test processes that are given one port fail now and then, and for no fault of the program: here many ask at once.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** More than processes begin apart from each other, so that each walks into what its neighbours have taken. */
const PORTS = 300;
const PROCESSES = 4;

const module = join(import.meta.dirname, 'free-port.ts');

/** Asks for ports, tells them, and lives until its standard input ends: what is given lasts as long as the process. */
const asks = `
  const { freePort } = await import(${JSON.stringify(module)});
  const ports = [];
  while (ports.length < ${PORTS}) ports.push(await freePort());
  process.stdout.write(JSON.stringify(ports));
  process.stdin.resume();
`;

it('gives a port to one process at a time, whoever else asks', async () => {
  const processes = Array.from({ length: PROCESSES }, () =>
    spawn(process.execPath, ['--input-type=module', '--eval', asks], { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  const given = await Promise.all(
    processes.map(async ({ stdout }) => JSON.parse(String((await once(stdout, 'data'))[0])) as number[]),
  );
  for (const { stdin } of processes) stdin.end();
  expect(new Set(given.flat()).size).toBe(PORTS * PROCESSES);
});
