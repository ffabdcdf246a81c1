import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onProcessor, pin } from './processors.ts';
import { processesMs, threadsMs } from './processor-time.ts';

/** Longest time until a process is ready, in milliseconds, where nothing else is said. */
const PATIENCE_MS = 60_000;

/** How often to look whether it has, in milliseconds: what start-up times are exact to. */
const LOOK_MS = 1;

/** How often to ask it, in milliseconds: each question takes time from its start. */
const ASK_MS = 100;

/** What a {@link Child} runs. */
export interface Command {
  /**
   * Absent: this Node. Anything else has its one processor from its start on, as in a container: what runs on several at a time decides then how many.
   * It may be a script: the processes that it starts count.
   */
  readonly program?: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What it writes when it is ready, or a question that only a ready one answers with yes. */
  readonly ready: string | (() => Promise<boolean>);
  /** Longest time until it is ready, in milliseconds. */
  readonly patienceMs?: number;
}

/** A process that is measured. Its output goes to a file, as it would under a container runtime. */
export class Child {
  private readonly process: ChildProcess;
  private readonly folder: string;
  private readonly isNode: boolean;
  /** Time from the start of the process to its word that it is ready, in milliseconds. */
  readonly readyAfterMs: number;

  private constructor(process: ChildProcess, folder: string, isNode: boolean, readyAfterMs: number) {
    this.process = process;
    this.folder = folder;
    this.isNode = isNode;
    this.readyAfterMs = readyAfterMs;
  }

  /** @throws {Error} with its output, when it ends instead of being ready */
  static async start({ program, args, env = {}, ready, patienceMs = PATIENCE_MS }: Command): Promise<Child> {
    const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
    const output = openSync(join(folder, 'output'), 'w+');
    const [file, ...rest] = program === undefined ? [process.execPath, ...args] : onProcessor('server', program, args);
    const startedMs = performance.now();
    const child = spawn(file, rest, {
      cwd: folder,
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', output, output],
    });
    for (;;) {
      const text = await readFile(join(folder, 'output'), 'utf8');
      if (typeof ready === 'string' ? text.includes(ready) : await ready()) {
        const readyAfterMs = performance.now() - startedMs;
        if (program === undefined) pin(child.pid, 'server');
        return new Child(child, folder, program === undefined, readyAfterMs);
      }
      if (child.exitCode !== null || performance.now() - startedMs > patienceMs) {
        child.kill(program === undefined ? 'SIGKILL' : 'SIGTERM');
        throw new Error(`not ready: ${program ?? 'node'} ${args.join(' ')}\n${text}`);
      }
      await new Promise((resolve) => setTimeout(resolve, typeof ready === 'string' ? LOOK_MS : ASK_MS));
    }
  }

  /** Processor time so far, of all threads, in milliseconds. */
  async cpuMs(): Promise<number> {
    return this.isNode ? threadsMs(this.pid) : processesMs(this.pid);
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
