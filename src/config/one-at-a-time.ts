/** Runs work once at a time. A wish that arrives while it runs is granted by one more run after it, however often it was wished. */
export class OneAtATime {
  private running: Promise<void> | undefined;
  private isWanted = false;

  constructor(private readonly work: () => Promise<void>) {}

  /** Resolves when nothing runs and nothing is wished any more; rejects as the work does. */
  async run(): Promise<void> {
    this.isWanted = true;
    this.running ??= this.runWhileWanted().finally(() => (this.running = undefined));
    await this.running;
  }

  private async runWhileWanted(): Promise<void> {
    while (this.isWanted) {
      this.isWanted = false;
      await this.work();
    }
  }
}
