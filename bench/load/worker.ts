import { readFileSync } from 'node:fs';
import { percentile } from '../harness/statistics.ts';
import type { LoadJob, LoadResult } from '../harness/load.ts';
import type { Connection, Verdict } from './connection.ts';
import { GrpcConnection } from './grpc-connection.ts';
import { HttpConnection } from './http-connection.ts';

/** More answers than one run can bring. */
const MOST_ANSWERS = 4_000_000;

interface WorkerJob extends LoadJob {
  readonly offset: number;
}

/** Of one run after the other: a new array for each would be a pause in the middle of the next one. */
const latenciesMs = new Float64Array(MOST_ANSWERS);

/** Sends requests and notes how long each answer took. */
class Run {
  private readonly job: WorkerJob;
  private readonly requests: readonly Buffer[];
  private readonly idle: Connection[] = [];
  /** When requests arrived that no connection was free for. */
  private readonly waiting: number[] = [];
  private readonly end = Promise.withResolvers<undefined>();
  private next: number;
  private answers = 0;
  private isOver = false;

  constructor(job: WorkerJob, requests: readonly Buffer[]) {
    this.job = job;
    this.requests = requests;
    this.next = job.offset;
  }

  async result(): Promise<LoadResult> {
    const connections = await Promise.all(Array.from({ length: this.job.connections }, () => this.connect().opened()));
    const startMs = performance.now();
    this.stayAwake();
    if (this.job.perSecond === undefined) for (const connection of connections) this.ask(connection, startMs);
    else this.arrive(connections, this.job.perSecond, startMs);
    setTimeout(() => {
      this.end.resolve(undefined);
    }, this.job.seconds * 1000);
    await this.end.promise;
    this.isOver = true;
    const elapsedMs = performance.now() - startMs;
    for (const connection of connections) connection.close();
    const sorted = latenciesMs.subarray(0, this.answers).sort();
    return {
      answers: this.answers,
      next: this.next,
      elapsedMs,
      p50Ms: percentile(sorted, 0.5),
      p99Ms: percentile(sorted, 0.99),
    };
  }

  /**
   * Never waits for the system: otherwise whoever answers has to wake this process, which on a virtual machine costs as much as a quarter of an
   * answer, and the more often the slower the answers come. So a small difference between two servers would look like a large one.
   */
  private stayAwake(): void {
    if (this.isOver) return;
    setImmediate(() => {
      this.stayAwake();
    });
  }

  private connect(): Connection {
    return this.job.protocol === 'http' ? new HttpConnection(this.job.port) : new GrpcConnection(this.job.port);
  }

  /** Open loop: requests arrive when it is time, and wait where they must (no coordinated omission). */
  private arrive(connections: readonly Connection[], perSecond: number, startMs: number): void {
    this.idle.push(...connections);
    let arrived = 0;
    const tick = (): void => {
      const nowMs = performance.now();
      for (const due = ((nowMs - startMs) * perSecond) / 1000; arrived < due; arrived++) this.waiting.push(nowMs);
      this.serve();
      if (!this.isOver) setTimeout(tick, 1);
    };
    tick();
  }

  private serve(): void {
    while (this.waiting.length > 0) {
      const connection = this.idle.pop();
      if (!connection) return;
      this.ask(connection, this.waiting.shift() ?? 0);
    }
  }

  /** @param sinceMs when the request arrived */
  private ask(connection: Connection, sinceMs: number): void {
    const request = this.requests[this.next++ % this.requests.length];
    connection.onVerdict = (verdict) => {
      this.note(connection, verdict, sinceMs);
    };
    if (request) connection.send(request);
  }

  private note(connection: Connection, verdict: Verdict, sinceMs: number): void {
    if (this.isOver) return;
    if (verdict !== this.job.expect) {
      this.end.reject(new Error(`an answer was ${verdict}`));
      return;
    }
    const nowMs = performance.now();
    latenciesMs[this.answers++] = nowMs - sinceMs;
    if (this.job.perSecond === undefined) {
      this.ask(connection, nowMs);
      return;
    }
    this.idle.push(connection);
    this.serve();
  }
}

const requests = readFileSync(process.argv[2] ?? '', 'latin1')
  .split('\n')
  .map((line) => Buffer.from(line, 'base64'));

process.on('message', (job) => {
  void new Run(job as WorkerJob, requests).result().then((result) => process.send?.(result));
});

// A bench that is stopped from outside takes its load with it.
process.on('disconnect', () => process.exit());
