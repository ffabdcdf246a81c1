import type { AssayProcess } from './assay-process.js';
import { introspect } from './configuration.js';

/** One caller that asks all replicas again and again about a token that is good. */
export class Traffic {
  answers = 0;
  /** What was not `active: true`, by replica. */
  readonly refusals: string[] = [];
  private isOver = false;
  private running: Promise<void> = Promise.resolve();

  /** @param replicas by name; which there are may change meanwhile */
  constructor(
    private readonly replicas: ReadonlyMap<string, AssayProcess>,
    private readonly token: string,
  ) {}

  start(): void {
    this.running = this.ask();
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.running;
  }

  private async ask(): Promise<void> {
    while (!this.isOver) {
      for (const [name, replica] of this.replicas) {
        const answer = await introspect(replica, this.token).catch(() => undefined);
        // One that was just stopped may close its door before our question: a balancer would have asked another one.
        if (answer === undefined && !this.replicas.has(name)) continue;
        this.answers++;
        if (answer?.status !== 200 || answer.body['active'] !== true) {
          this.refusals.push(`${name}: ${answer?.status ?? 'no answer'}`);
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
