import { LONGEST_MEMORY_MS, MINUTE_MS, MOST_ARRIVALS, type Arrival, type ArrivalOutcome } from './arrival.js';

/** What has arrived from one source. */
interface OfSource {
  /** By digest, when it may be forgotten; in the order of arrival. */
  readonly untilMs: Map<string, number>;
  minute: number;
  effects: number;
}

/** Arrivals of one process, by the same rules as those that replicas share. */
export class MemoryArrivals {
  private readonly sources = new Map<string, OfSource>();

  /** @param hasEffect whether it counts against the limit of its source */
  admit({ source, digest, untilMs, mostPerMinute }: Arrival, hasEffect: boolean, nowMs: number): ArrivalOutcome {
    const of = this.sources.get(source) ?? { untilMs: new Map<string, number>(), minute: 0, effects: 0 };
    this.sources.set(source, of);
    if ((of.untilMs.get(digest) ?? 0) > nowMs) return 'repeated';
    const minute = Math.floor(nowMs / MINUTE_MS);
    if (of.minute !== minute) Object.assign(of, { minute, effects: 0 });
    if (hasEffect && of.effects >= mostPerMinute) return 'limited';
    if (hasEffect) of.effects++;
    this.makeRoom(of.untilMs, nowMs);
    of.untilMs.set(digest, Math.min(untilMs, nowMs + LONGEST_MEMORY_MS));
    return 'first';
  }

  clear(): void {
    this.sources.clear();
  }

  /** Most are over by the order of arrival: ids of one source live about as long as each other. */
  private makeRoom(known: Map<string, number>, nowMs: number): void {
    for (const [digest, untilMs] of known) {
      if (untilMs > nowMs && known.size < MOST_ARRIVALS) return;
      known.delete(digest);
    }
  }
}
