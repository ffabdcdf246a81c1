import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the storm process is asked to do. */
export interface StormJob {
  readonly protocol: 'http' | 'grpc';
  readonly port: number;
  /** A connection from each of them. */
  readonly addresses: readonly string[];
  readonly perSecond: number;
}

/** A storm of requests, in a process of its own, that goes on until it is ended. */
export class RunningStorm {
  private readonly process: ChildProcess;
  private readonly folder: string;

  private constructor(process: ChildProcess, folder: string) {
    this.process = process;
    this.folder = folder;
  }

  /** @param requests sent in this order, again and again */
  static async begin(job: StormJob, requests: readonly Buffer[]): Promise<RunningStorm> {
    const folder = await mkdtemp(join(tmpdir(), 'assay-storm-'));
    const file = join(folder, 'requests');
    await writeFile(file, requests.map((request) => request.toString('base64')).join('\n'));
    const process = fork(join(import.meta.dirname, '..', 'load', 'storm-worker.ts'), [file]);
    process.send(job);
    await once(process, 'message');
    return new RunningStorm(process, folder);
  }

  /** @returns how often each kind of answer came */
  async end(): Promise<Readonly<Record<string, number>>> {
    this.process.send('end');
    const [counts] = (await once(this.process, 'message')) as [Record<string, number>];
    if (this.process.exitCode === null) await once(this.process, 'exit');
    await rm(this.folder, { recursive: true, force: true });
    return counts;
  }
}
