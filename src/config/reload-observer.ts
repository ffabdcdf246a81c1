/** How an attempt to reload ended; a fixed set, for a metric's label. */
export type ReloadResult = 'success' | 'unchanged' | 'failure';

/** Is given how each attempt to reload ended. */
export abstract class ReloadObserver {
  abstract reloaded(result: ReloadResult): void;
}

/** For a process that does not count reloads. */
export class NoReloadObserver extends ReloadObserver {
  override reloaded(): void {
    // Not counted.
  }
}
