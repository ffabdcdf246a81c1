import type { RecordMac, RecordRefusal } from '../redis/record-mac.js';
import type { Clock } from '../shared/clock.js';
import {
  AT_THE_END,
  PAGE_ENTRIES,
  type ChangeKind,
  type ChangePage,
  type DecisionKind,
  type StoredChange,
} from './change-store.js';
import { openChange, type OpenedChange } from './sealed-change.js';

/** A decision with the entry that it came in. */
export interface DecisionEntry extends OpenedChange {
  readonly sealed: Buffer;
  /** Its place in the log. */
  readonly position: number;
}

/** Follows entries of which only the latest matter. */
export interface HintFollower {
  /** New hints, oldest first. The same one may come again. */
  changed(texts: readonly string[]): void;

  /** Hints may have been missed: what they could have been about must be compared with the store. */
  missed(): void;
}

/** Follows entries that all matter. */
export interface DecisionFollower {
  /** New decisions, oldest first. The same one may come again. */
  changed(entries: readonly DecisionEntry[]): void;

  /** Everything that the log has, after it was read from beginning to end: what is not here has been lost. */
  whole(entries: readonly DecisionEntry[]): void;
}

/** Follows entries of which there may be too many to be kept beside each other for a comparison. */
export interface StreamFollower extends Pick<DecisionFollower, 'changed'> {
  /** The log is read from its beginning: whatever it has is reported once more. */
  began(): void;

  /** It was read to its end: what was not reported since {@link began} has been lost. */
  ended(): void;
}

/** Follows the places of decisions of every kind: what is read out of turn, and will come again, is not reported. */
export interface PlaceFollower {
  /** Entries in the order of their places. The same one may come again. */
  found(kind: DecisionKind, entries: readonly DecisionEntry[]): void;
  /** Every decision up to this place was reported. */
  readTo(position: number): void;
  /** The store has lost entries: it may give their places to others. */
  lost(): void;
}

/** How often a list that fits into one page is read from its beginning: that costs no more than a poll. In milliseconds. */
const SHORT_REREAD_MS = 30_000;
/** How often a longer one is. */
const LONG_REREAD_MS = 10 * 60 * 1_000;

/** What a {@link ChangeList} works with. */
export interface ChangeListParts {
  readonly mac: RecordMac;
  readonly clock: Clock;
  readonly onRefused: (kind: ChangeKind, reason: RecordRefusal) => void;
}

/** The entries of one kind as far as this replica has read them. */
export class ChangeList {
  readonly hintFollowers: HintFollower[] = [];
  decisionFollower: StreamFollower | undefined;
  places: PlaceFollower | undefined;
  /** Whether a reading from beginning to end was ever finished. */
  isRead = false;
  /** Whether there are entries behind the place that was read up to. */
  hasMore = false;
  /** How many a reading from the beginning has found so far; `undefined` while none is under way. */
  private found: number | undefined;
  private rereadAtMs = Number.NEGATIVE_INFINITY;
  private place: number | undefined;

  constructor(
    private readonly kind: ChangeKind,
    private readonly parts: ChangeListParts,
  ) {}

  /** The place that was read up to. */
  get position(): number {
    return this.place ?? (this.decisionFollower ? 0 : AT_THE_END);
  }

  /** Before each reading: decisions are read from the beginning now and then. One that has begun goes on where it was. */
  prepare(): void {
    if (this.found !== undefined || this.parts.clock.monoMs() < this.rereadAtMs) return;
    this.begin();
  }

  /** Entries that follow {@link position}. @param last place of the latest entry of any kind */
  take({ entries, isMore }: ChangePage, last: number): void {
    const opened = entries.flatMap((entry) => this.open(entry));
    this.hasMore = isMore;
    this.place = isMore ? (entries.at(-1)?.position ?? last) : last;
    if (opened.length > 0) {
      const texts = opened.map(({ text }) => text);
      for (const follower of this.hintFollowers) follower.changed(texts);
      this.decisionFollower?.changed(opened);
      if (this.kind !== 'keys') this.places?.found(this.kind, opened);
    }
    if (this.found !== undefined) this.found += opened.length;
    if (!isMore) this.finish();
  }

  /** Entries behind {@link position} that are read out of turn: they will come again. */
  preview({ entries }: ChangePage): void {
    const opened = entries.flatMap((entry) => this.open(entry));
    if (opened.length > 0) this.decisionFollower?.changed(opened);
  }

  /** There are more hints than can be read. */
  skipHints(last: number): void {
    if (this.decisionFollower || !this.hasMore) return;
    this.hasMore = false;
    this.place = last;
    for (const follower of this.hintFollowers) follower.missed();
  }

  /** The store has lost entries. */
  restart(last: number): void {
    if (this.begin()) return;
    this.place = last;
    for (const follower of this.hintFollowers) follower.missed();
  }

  /** Reads from the beginning. @returns false for hints, which are not */
  private begin(): boolean {
    if (!this.decisionFollower) return false;
    this.place = 0;
    this.found = 0;
    this.decisionFollower.began();
    return true;
  }

  private finish(): void {
    const { found, decisionFollower } = this;
    if (found === undefined) return;
    this.found = undefined;
    this.isRead = true;
    const againMs = found < PAGE_ENTRIES ? SHORT_REREAD_MS : LONG_REREAD_MS;
    this.rereadAtMs = this.parts.clock.monoMs() + againMs;
    decisionFollower?.ended();
  }

  private open({ sealed, position }: StoredChange): readonly DecisionEntry[] {
    const opened = openChange(this.parts.mac, this.kind, sealed);
    if (typeof opened !== 'string') return [{ ...opened, sealed, position }];
    this.parts.onRefused(this.kind, opened);
    return [];
  }
}

/** Keeps what a reading from the beginning has found, for a follower that compares it as a whole. */
export function collecting(follower: DecisionFollower): StreamFollower {
  let found: DecisionEntry[] | undefined;
  return {
    began: () => {
      found = [];
    },
    changed: (entries) => {
      follower.changed(entries);
      found?.push(...entries);
    },
    ended: () => {
      const whole = found ?? [];
      found = undefined;
      follower.whole(whole);
    },
  };
}
