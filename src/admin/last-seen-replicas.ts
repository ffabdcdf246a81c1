import type { Clock } from '../shared/clock.js';
import type { RememberedReplicas } from './replica-states.js';

/** The other replicas as they were last read, so that they can still be named while the shared store is away. */
export class LastSeenReplicas {
  private reading: RememberedReplicas | undefined;
  private readAtMs = 0;

  constructor(private readonly clock: Clock) {}

  /** Keeps what the store has just said. */
  keep(reading: RememberedReplicas): void {
    this.reading = reading;
    this.readAtMs = this.clock.monoMs();
  }

  /** A replica is known to be gone. */
  forget(gone: string): void {
    if (!this.reading) return;
    this.reading = { ...this.reading, replicas: this.reading.replicas.filter(({ replica }) => replica !== gone) };
  }

  /** How long ago the store was last read, in milliseconds. */
  get ageMs(): number {
    return this.reading ? this.clock.monoMs() - this.readAtMs : Number.POSITIVE_INFINITY;
  }

  /** What was last read, each replica older by the time since then; `undefined`: the store was never read. */
  aged(): RememberedReplicas | undefined {
    const { ageMs, reading } = this;
    if (!reading) return undefined;
    const replicas = reading.replicas.map((each) => ({ ...each, seenAgoMs: each.seenAgoMs + ageMs }));
    return { ...reading, replicas };
  }
}
