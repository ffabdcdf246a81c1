import type { AssayProcess } from './assay-process.js';
import { introspect } from './configuration.js';

/** One caller that asks all replicas again and again about a token that is good. */
export class Traffic {
  answers = 0;
  /** What was not `active: true`, by replica. */
  readonly refusals: string[] = [];
  private isOver = false;
  private running: Promise<void> = Promise.resolve();
  /** The question that is under way. */
  private asking: Promise<void> = Promise.resolve();

  /** @param replicas by name; which there are may change meanwhile */
  constructor(
    private readonly replicas: Map<string, AssayProcess>,
    private readonly token: string,
  ) {}

  start(): void {
    this.running = this.ask();
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.running;
  }

  /** Takes a replica out, as a balancer does before it is stopped: resolves when no question to it is under way. */
  async leave(name: string): Promise<void> {
    this.replicas.delete(name);
    await this.asking;
  }

  private async question(name: string, replica: AssayProcess): Promise<void> {
    const answer = await introspect(replica, this.token).catch(() => undefined);
    this.answers++;
    if (answer?.status === 200 && answer.body['active'] === true) return;
    this.refusals.push(`${name}: ${answer?.status ?? 'no answer'}`);
  }

  private async ask(): Promise<void> {
    while (!this.isOver) {
      for (const [name, replica] of this.replicas) {
        this.asking = this.question(name, replica);
        await this.asking;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
