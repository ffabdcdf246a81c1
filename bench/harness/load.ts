import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pin } from './processors.ts';

/** What the load process is asked to do. */
export interface LoadJob {
  readonly protocol: 'http' | 'grpc';
  readonly port: number;
  /** Connections, each with one request at a time. */
  readonly connections: number;
  readonly seconds: number;
  /** Requests that arrive in a second, whether others were answered or not; absent: as many as are answered. */
  readonly perSecond?: number;
  /** What every answer must be. Anything else ends the run. */
  readonly expect: 'active' | 'inactive' | 'answered';
}

/** What came of it. */
export interface LoadResult {
  readonly answers: number;
  /** Place in the list of the first request that was not sent: those that were sent last may have had no answer yet. */
  readonly next?: number;
  readonly elapsedMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Requests in the form in which they are written to a socket, in a file that the load process reads. */
export class Load {
  private readonly folder: string;
  /** Where in the list the next run begins: what was new once is not new again. */
  private offset = 0;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** @param requests sent in this order, again and again */
  static async of(requests: readonly Buffer[]): Promise<Load> {
    const folder = await mkdtemp(join(tmpdir(), 'assay-load-'));
    await writeFile(join(folder, 'requests'), requests.map((request) => request.toString('base64')).join('\n'));
    return new Load(folder);
  }

  /** Runs one job in a process of its own. @throws {Error} when an answer was not what was expected */
  async run(job: LoadJob): Promise<LoadResult> {
    const worker = fork(join(import.meta.dirname, '..', 'load', 'worker.ts'), [join(this.folder, 'requests')]);
    pin(worker.pid, 'load');
    const exited = once(worker, 'exit');
    worker.send({ ...job, offset: this.offset });
    const result = new Promise<LoadResult | undefined>((resolve) => {
      worker.once('message', (message) => {
        resolve(message as LoadResult);
      });
      void exited.then(() => {
        resolve(undefined);
      });
    });
    const measured = await result;
    await exited;
    if (!measured) throw new Error('the load process failed');
    this.offset = measured.next ?? this.offset + measured.answers;
    return measured;
  }

  async dispose(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
