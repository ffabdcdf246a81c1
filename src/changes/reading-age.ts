import type { Clock } from '../shared/clock.js';
import { AT_THE_END, changeKinds, type ChangeKind, type ChangeStore } from './change-store.js';

/** What a {@link ReadingAge} works with. */
export interface ReadingAgeParts {
  readonly store: ChangeStore;
  readonly clock: Pick<Clock, 'monoMs'>;
}

/** A place that the primary had, and when it was asked for it. */
interface AwaitedPlace {
  readonly place: number;
  readonly askedAtMs: number;
}

const atTheEnd = Object.fromEntries(changeKinds.map((kind) => [kind, AT_THE_END])) as Record<ChangeKind, number>;

/**
 * Up to when what was appended is known to have been read. That a read replica answers proves nothing: one whose link to the primary is cut
 * goes on answering with what it had. So the primary is asked for its latest place, and what is read nearby counts once it is there.
 */
export class ReadingAge {
  private knownAtMs: number | undefined;
  private readTo: number | undefined;
  private awaited: AwaitedPlace | undefined;
  /** What the primary said last. */
  private primaryPlace = 0;
  private isAsking = false;

  constructor(private readonly parts: ReadingAgeParts) {}

  /** In milliseconds; `undefined`: never read, or never compared. */
  get agoMs(): number | undefined {
    return this.knownAtMs === undefined ? undefined : this.parts.clock.monoMs() - this.knownAtMs;
  }

  /** Asks the primary while it is read. @throws what `read` throws */
  async whileReading(read: () => Promise<void>): Promise<void> {
    const isAsked = this.ask();
    try {
      await read();
    } finally {
      await isAsked;
    }
  }

  /** To be called with each reading: one command where readings come from a read replica, none elsewhere. Never rejects. */
  async ask(): Promise<void> {
    const { store, clock } = this.parts;
    if (!store.mayBeBehind || this.isAsking) return;
    this.isAsking = true;
    const askedAtMs = clock.monoMs();
    try {
      const { last } = await store.read(atTheEnd, 'primary');
      this.answered({ place: last, askedAtMs });
    } catch {
      // What cannot be compared grows older.
    } finally {
      this.isAsking = false;
    }
  }

  /** Everything up to this place was read. */
  ended(place: number): void {
    if (!this.parts.store.mayBeBehind) {
      this.knownAtMs = this.parts.clock.monoMs();
      return;
    }
    this.readTo = place;
    this.compare();
  }

  /**
   * A place that was not reached yet is waited for, so that a read replica which is always a little behind gets there; but one that the
   * primary has lost will never come.
   */
  private answered(answer: AwaitedPlace): void {
    this.primaryPlace = answer.place;
    this.compare();
    if (!this.awaited || answer.place < this.awaited.place) this.awaited = answer;
    this.compare();
  }

  /** What was read up to a place that the primary does not have is not the log of this primary. */
  private compare(): void {
    const { awaited, readTo } = this;
    if (!awaited || readTo === undefined || readTo < awaited.place || readTo > this.primaryPlace) return;
    this.knownAtMs = awaited.askedAtMs;
    this.awaited = undefined;
  }
}
