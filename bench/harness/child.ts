import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pin } from './processors.ts';

/** Longest time until a process says that it is ready, in milliseconds. */
const PATIENCE_MS = 60_000;

/** How often to look whether it has, in milliseconds: what start-up times are exact to. */
const LOOK_MS = 1;

/** What a {@link Child} runs. */
export interface Command {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What it writes when it is ready. */
  readonly ready: string;
}

/** A process that is measured. Its output goes to a file, as it would under a container runtime. */
export class Child {
  private readonly process: ChildProcess;
  private readonly folder: string;
  /** Time from the start of the process to its word that it is ready, in milliseconds. */
  readonly readyAfterMs: number;

  private constructor(process: ChildProcess, folder: string, readyAfterMs: number) {
    this.process = process;
    this.folder = folder;
    this.readyAfterMs = readyAfterMs;
  }

  /** @throws {Error} with its output, when it ends instead of being ready */
  static async start({ args, env = {}, ready }: Command): Promise<Child> {
    const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
    const output = openSync(join(folder, 'output'), 'w+');
    const startedMs = performance.now();
    const child = spawn(process.execPath, args, {
      cwd: folder,
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', output, output],
    });
    for (;;) {
      const text = await readFile(join(folder, 'output'), 'utf8');
      if (text.includes(ready)) {
        const readyAfterMs = performance.now() - startedMs;
        pin(child.pid, 'server');
        return new Child(child, folder, readyAfterMs);
      }
      if (child.exitCode !== null || performance.now() - startedMs > PATIENCE_MS) {
        child.kill('SIGKILL');
        throw new Error(`not ready:\n${text}`);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** Processor time so far, of all threads, in milliseconds: to the nanosecond, where `/proc/…/stat` counts in hundredths of a second. */
  async cpuMs(): Promise<number> {
    const tasks = `/proc/${this.pid}/task`;
    const times = (await readdir(tasks)).map((task) => readFile(`${tasks}/${task}/schedstat`, 'utf8'));
    return (await Promise.all(times)).reduce((sum, text) => sum + Number.parseInt(text, 10) / 1e6, 0);
  }

  /** Resident memory, in MB. */
  async residentMb(): Promise<number> {
    const status = await readFile(`/proc/${this.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1000;
  }

  /** What it has written so far. */
  async output(): Promise<string> {
    return readFile(join(this.folder, 'output'), 'utf8');
  }

  signal(name: NodeJS.Signals): void {
    this.process.kill(name);
  }

  async stop(): Promise<void> {
    const exited = once(this.process, 'exit');
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.process.kill('SIGTERM');
      await exited;
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  private get pid(): number {
    if (this.process.pid === undefined) throw new Error('the process did not start');
    return this.process.pid;
  }
}
