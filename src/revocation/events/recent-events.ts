/** Keeps the latest decisions in their order, so that callers can ask what came after the last one that they know. */
import type { DecisionKind } from '../../changes/change-store.js';
import { registrationIdOf } from '../../shared/tenant-id.js';
import type { KeyDecision } from '../key-decision.js';
import type { Revocation } from '../tokens/revocation.js';
import { readRevocation } from '../tokens/written-revocation.js';
import { readDecision } from '../written-decision.js';

/** How many are kept: a caller that was away for longer than they reach back begins anew. */
export const MOST_EVENTS = 10_000;

/** A decision as it was read: what it says is found out when somebody asks for it, because most are never asked for. */
export interface WrittenEvent {
  /** Its place in the one order of all decisions. */
  readonly seq: number;
  readonly kind: DecisionKind;
  readonly text: string;
}

/** A decision as an event. */
export type DecisionEvent = {
  readonly seq: number;
  /** Id of the registration. */
  readonly registration: string;
} & ({ readonly key: KeyDecision } | { readonly revocation: Revocation });

/** What became of an event that was to be kept. */
export type Kept = 'kept' | 'known' | 'late';

interface Entry extends WrittenEvent {
  /** What it says; `undefined` until somebody has asked, `null` where that is nothing to this version. */
  event?: DecisionEvent | null;
}

/** Some of the events after a place. */
export interface EventPage {
  readonly events: readonly DecisionEvent[];
  /** The place up to which these are all. */
  readonly next: number;
}

/**
 * The latest decisions of all replicas, in their one order. A place is only good while the entry at it is here: whoever names any other
 * may have missed something, whether it is too old, made up, or was given by a store that has lost it since.
 */
export class RecentEvents {
  /** Ascending. */
  private entries: Entry[] = [];
  /** Place of the latest entry that was forgotten; 0: the beginning of the list. */
  private floor = 0;
  private upTo = 0;
  private readonly listeners: (() => void)[] = [];

  /** @param most how many are kept at least; a quarter more before the oldest are forgotten */
  constructor(private readonly most = MOST_EVENTS) {}

  /** Calls `listener` whenever more was read, or events were lost. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** The place up to which all events are here. */
  get readUpTo(): number {
    return this.upTo;
  }

  /** Place of the latest event up to {@link readUpTo}: from here on, a caller misses nothing. */
  get latest(): number {
    return this.entries[this.countUpTo(this.upTo) - 1]?.seq ?? this.floor;
  }

  /** @returns `late` for one that is not kept, because its place is before one that callers have read up to */
  keep(event: WrittenEvent): Kept {
    const { seq } = event;
    if (this.isForgotten(seq)) return 'known';
    const at = this.countUpTo(seq);
    const there = this.entries[at - 1];
    // A store that has lost entries may give a place again.
    if (there?.seq === seq) return there.text === event.text ? 'known' : 'late';
    if (seq <= this.upTo) return 'late';
    if (at === this.entries.length) this.entries.push(event);
    else this.entries.splice(at, 0, event);
    if (this.entries.length > this.most * 1.25) this.forgetOldest();
    return 'kept';
  }

  /** Whether an event at this place is too old to be kept. */
  isForgotten(seq: number): boolean {
    return seq <= this.floor;
  }

  /**
   * Leaves out what there is up to a place, because enough comes later.
   * @returns false where that could be seen, because callers have been given a place
   */
  passOver(seq: number): boolean {
    if (this.upTo > 0) return false;
    this.floor = Math.max(this.floor, seq);
    this.entries = this.entries.filter((entry) => entry.seq > this.floor);
    return true;
  }

  /** All events up to this place are here. */
  readTo(seq: number): void {
    this.upTo = Math.max(this.upTo, seq);
    this.notify();
  }

  /** Forgets all: places from before mean nothing any more. */
  lose(): void {
    this.entries = [];
    this.floor = 0;
    this.upTo = 0;
    this.notify();
  }

  /** Whether nothing is missing between this place and {@link readUpTo}. */
  knows(seq: number): boolean {
    return seq === this.floor || (seq <= this.upTo && this.entries[this.countUpTo(seq) - 1]?.seq === seq);
  }

  /** The first events after a place that {@link knows} knows. */
  after(seq: number, isWanted: (event: DecisionEvent) => boolean, most: number): EventPage {
    const events: DecisionEvent[] = [];
    let next = seq;
    for (let at = this.countUpTo(seq); events.length < most; at++) {
      const entry = this.entries[at];
      if (!entry || entry.seq > this.upTo) break;
      next = entry.seq;
      if (entry.event === undefined) entry.event = eventOf(entry);
      if (entry.event && isWanted(entry.event)) events.push(entry.event);
    }
    return { events, next };
  }

  private forgetOldest(): void {
    const gone = this.entries.length - this.most;
    this.floor = this.entries[gone - 1]?.seq ?? this.floor;
    this.entries = this.entries.slice(gone);
  }

  /** How many there are up to a place. */
  private countUpTo(seq: number): number {
    let [low, high] = [0, this.entries.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.entries[middle]?.seq ?? 0) <= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private notify(): void {
    for (const listener of this.listeners) listener();
  }
}

/** @returns null for the text of another version, which says nothing to this one */
function eventOf({ seq, kind, text }: WrittenEvent): DecisionEvent | null {
  if (kind === 'denials') {
    const key = readDecision(text);
    return key ? { seq, registration: registrationIdOf(key.issuerId), key } : null;
  }
  const revocation = readRevocation(text);
  return revocation ? { seq, registration: revocation.issuerId, revocation } : null;
}
