/** Runs work once at a time. Calls while it runs make one more run after it, however many they are. */
export class OneAtATime {
  private running: Promise<void> | undefined;
  private isWanted = false;

  constructor(private readonly work: () => Promise<void>) {}

  /** Resolves when nothing runs and no run is outstanding; rejects as the work does. */
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
