import type { Signal } from './signal.js';

/** The registered signals, as they are now. */
export class Signals {
  private byName: ReadonlyMap<string, Signal> = new Map();

  /** From the next request on, these are all there are. */
  replace(signals: readonly Signal[]): void {
    this.byName = new Map(signals.map((signal) => [signal.id, signal]));
  }

  byId(id: string): Signal | undefined {
    return this.byName.get(id);
  }

  all(): readonly Signal[] {
    return [...this.byName.values()];
  }
}
