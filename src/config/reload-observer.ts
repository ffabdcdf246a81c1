/** How an attempt to reload ended; a fixed set, for a metric's label. */
export type ReloadResult = 'success' | 'unchanged' | 'failure';

/** Hears how each attempt to reload ended. */
export abstract class ReloadObserver {
  abstract reloaded(result: ReloadResult): void;
}

/** Nobody listens. */
export class NoReloadObserver extends ReloadObserver {
  override reloaded(): void {
    // Nobody listens.
  }
}
