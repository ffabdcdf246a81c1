import { readFileSync } from 'node:fs';
import type { StormJob } from '../harness/storm.ts';
import type { Connection, Verdict } from './connection.ts';
import { GrpcConnection } from './grpc-connection.ts';
import { HttpConnection } from './http-connection.ts';

/** Sends requests that nobody wants to be answered well, as many in a second as it is told to, until it is told to stop. */
class Storm {
  private readonly job: StormJob;
  private readonly requests: readonly Buffer[];
  private readonly idle: Connection[] = [];
  private readonly answers = new Map<Verdict, number>();
  private next = 0;

  constructor(job: StormJob, requests: readonly Buffer[]) {
    this.job = job;
    this.requests = requests;
  }

  async begin(): Promise<void> {
    for (const address of this.job.addresses) await this.connect(address);
    const startMs = performance.now();
    setInterval(() => {
      const due = ((performance.now() - startMs) * this.job.perSecond) / 1000;
      while (this.next < due) this.send();
    }, 1);
  }

  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.answers);
  }

  /** A connection that the server closes is replaced. */
  private async connect(address: string): Promise<void> {
    const connection =
      this.job.protocol === 'http'
        ? new HttpConnection(this.job.port, address)
        : new GrpcConnection(this.job.port, address);
    connection.onVerdict = (verdict) => {
      this.answers.set(verdict, (this.answers.get(verdict) ?? 0) + 1);
      if (connection.isOpen) this.idle.push(connection);
      else void this.connect(address);
    };
    this.idle.push(await connection.opened());
  }

  /** Where every connection waits for an answer, the storm is as strong as the server lets it be. */
  private send(): void {
    const request = this.requests[this.next++ % this.requests.length];
    const connection = this.idle.shift();
    if (request && connection?.isOpen) connection.send(request);
  }
}

const requests = readFileSync(process.argv[2] ?? '', 'latin1')
  .split('\n')
  .map((line) => Buffer.from(line, 'base64'));

let storm: Storm | undefined;
process.on('message', (job: StormJob | 'end') => {
  if (job !== 'end') {
    storm = new Storm(job, requests);
    void storm.begin().then(() => process.send?.('begun'));
  } else process.send?.(storm?.counts ?? {}, () => process.exit());
});

// A bench that is stopped from outside takes its load with it.
process.on('disconnect', () => process.exit());
