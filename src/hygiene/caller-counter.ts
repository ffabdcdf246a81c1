import type { CallerCounts, CountsByCaller } from './caller-counts.js';

class Counted implements CallerCounts {
  active = 0;
  limited = 0;
  readonly refused = new Map<string, number>();
}

/** Counts in memory what becomes of what each caller asks. One lookup for each verdict; callers and reasons are of fixed sets. */
export class CallerCounter {
  private counted = new Map<string, Counted>();

  /** A good token was shown to it. */
  active(caller: string): void {
    this.of(caller).active++;
  }

  /** A token was not good, or not good enough. @param reason of a fixed set */
  refused(caller: string, reason: string): void {
    const { refused } = this.of(caller);
    refused.set(reason, (refused.get(reason) ?? 0) + 1);
  }

  /** What was counted since the last time. @param limited how many requests were too many, by caller */
  take(limited: ReadonlyMap<string, number>): CountsByCaller {
    for (const [caller, count] of limited) this.of(caller).limited += count;
    const { counted } = this;
    this.counted = new Map();
    return counted;
  }

  private of(caller: string): Counted {
    let counted = this.counted.get(caller);
    if (counted === undefined) this.counted.set(caller, (counted = new Counted()));
    return counted;
  }
}
