import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** The server has one processor, and the load another one, so that neither takes time from the other. */
const processors = { server: 0, load: 1 } as const;

let canPin = availableParallelism() > 1;

/** Keeps all threads of a process on the processor of its role, where the machine lets it. */
export function pin(pid: number | undefined, role: keyof typeof processors): void {
  if (!canPin || pid === undefined) return;
  const { status } = spawnSync('taskset', ['-a', '-p', '-c', String(processors[role]), String(pid)]);
  canPin = status === 0;
}

/** The same for a program that is yet to start: the words that start it there. */
export function onProcessor(
  role: keyof typeof processors,
  program: string,
  args: readonly string[],
): [string, ...string[]] {
  const taskset = ['-c', String(processors[role])];
  canPin &&= spawnSync('taskset', [...taskset, 'true']).status === 0;
  return canPin ? ['taskset', ...taskset, program, ...args] : [program, ...args];
}

/** For the introduction of the table. */
export function pinned(): string {
  return canPin ? 'server and load on a processor each' : 'server and load were not kept apart: no taskset here';
}
