import type { Clock } from '../shared/clock.js';
import type { Configuration } from './configuration.config.js';
import type { ConfigurationReloader } from './configuration-reloader.js';
import { FileWatcher } from './watch-files.js';

/** A configuration that follows its files: whatever changes in one of them comes into force, if it is valid. */
export class LiveConfiguration {
  private readonly watcher: FileWatcher;

  constructor(
    private readonly reloader: ConfigurationReloader,
    clock: Clock,
  ) {
    this.watcher = new FileWatcher(clock, () => void this.reload());
  }

  /**
   * Brings the configuration into force for the first time, and begins to watch.
   * @throws {ConfigurationInvalid} with every problem
   */
  async start(): Promise<Configuration> {
    const configuration = await this.reloader.start();
    await this.watcher.watch(this.reloader.files);
    return configuration;
  }

  /** Reads the files again, for example on SIGHUP; never throws. */
  async reload(): Promise<void> {
    await this.reloader.reload();
    await this.watcher.watch(this.reloader.files);
  }

  close(): void {
    this.watcher.close();
  }
}
