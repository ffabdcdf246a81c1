import { fork, type ChildProcess } from 'node:child_process';
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

/** A process that sends requests. It stays for all of its jobs, so that its own code is as fast in each of them. */
export class Load {
  private readonly folder: string;
  private readonly worker: ChildProcess;
  /** Where in the list the next run begins: what was new once is not new again. */
  private offset = 0;

  private constructor(folder: string, worker: ChildProcess) {
    this.folder = folder;
    this.worker = worker;
  }

  /** @param requests sent in this order, again and again */
  static async of(requests: readonly Buffer[]): Promise<Load> {
    const folder = await mkdtemp(join(tmpdir(), 'assay-load-'));
    // In the form in which they are written to a socket.
    await writeFile(join(folder, 'requests'), requests.map((request) => request.toString('base64')).join('\n'));
    const worker = fork(join(import.meta.dirname, '..', 'load', 'worker.ts'), [join(folder, 'requests')]);
    pin(worker.pid, 'load');
    return new Load(folder, worker);
  }

  /** @throws {Error} when an answer was not what was expected */
  async run(job: LoadJob): Promise<LoadResult> {
    const over = new AbortController();
    const { signal } = over;
    const failed = once(this.worker, 'exit', { signal }).then(() => {
      throw new Error('the load process failed');
    });
    const answered = once(this.worker, 'message', { signal });
    this.worker.send({ ...job, offset: this.offset });
    try {
      const [result] = (await Promise.race([answered, failed])) as [LoadResult];
      this.offset = result.next ?? this.offset + result.answers;
      return result;
    } finally {
      failed.catch(() => undefined);
      answered.catch(() => undefined);
      over.abort();
    }
  }

  async dispose(): Promise<void> {
    this.worker.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}
