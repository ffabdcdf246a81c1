/** Keeps what this replica has read of one kind of change, and gives it to those who follow that kind. */
import type { RecordMac, RecordRefusal } from '../redis/record-mac.js';
import type { Clock } from '../shared/clock.js';
import { noPause, type Pause } from '../shared/pause.js';
import type { HintFollower, PlaceFollower, StreamFollower } from './change-followers.js';
import {
  AT_THE_END,
  PAGE_ENTRIES,
  PLACES_PER_MS,
  type ChangeKind,
  type ChangePage,
  type StoredChange,
} from './change-store.js';
import { openChange, type DecisionEntry } from './sealed-change.js';

/** How often a list that fits into one page is read from its beginning: that costs no more than a poll. In milliseconds. */
const SHORT_REREAD_MS = 30_000;
/** How often a longer one is. */
const LONG_REREAD_MS = 10 * 60 * 1_000;

/** After a loss, what was appended for so long may have come behind it: longer than it takes to find Redis again. In milliseconds. */
const RECENT_MS = 30_000;

/** Hints that come faster than they can be read are left out; their followers compare with the store instead. */
const MOST_HINT_PAGES = 4;

/** Entries that are opened before others may have a turn: the clock is asked as often. */
const ENTRIES_OF_A_TURN = 20;

/** What a page of entries came from. */
interface Taking {
  readonly after: number;
  readonly last: number;
  readonly pause: Pause;
}

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
  /** Every entry up to this place is known, however far a reading from the beginning has come; `undefined` until all were read. */
  knownTo: number | undefined;
  /** Whether an entry is not believed here that others may believe: since the latest reading from the beginning, or during that. */
  private hasRefused = false;
  private hasRefusedAnew = false;
  /** During a long reading from the beginning: the place from which on entries are read before their turn. */
  ahead: number | undefined;
  /** Whether there are entries behind {@link ahead} that did not fit into a page. */
  hasMoreAhead = false;
  /** How many entries a reading from the beginning has brought so far; `undefined` while none is under way. */
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

  /** Every entry up to this place was read, and is believed; `undefined` where that is not so. */
  get believedTo(): number | undefined {
    return this.hasRefused ? undefined : this.knownTo;
  }

  /** Before each reading: decisions are read from the beginning now and then. One that has begun goes on where it was. */
  prepare(): void {
    if (this.found !== undefined || this.parts.clock.monoMs() < this.rereadAtMs) return;
    this.begin();
  }

  /**
   * Entries that follow {@link position} or {@link ahead}, unless that is another one since they were asked for, or while they are opened.
   * @param after the place that was asked for
   * @param last place of the latest entry of any kind
   */
  async take(page: ChangePage, { after, last, pause }: Taking): Promise<void> {
    const opened = await this.open(page.entries, pause);
    const place = page.isMore ? (page.entries.at(-1)?.position ?? last) : last;
    if (this.position !== after) {
      if (this.ahead === after) this.takeAhead(opened, page, place);
      return;
    }
    this.hasMore = page.isMore;
    this.place = place;
    if (this.found !== undefined) this.found += page.entries.length;
    if (opened.length > 0) this.report(opened, this.found === undefined ? 0 : page.total - this.found);
    if (!page.isMore) this.finish(last);
    else if (this.found !== undefined) this.ahead ??= last;
  }

  /** Entries behind {@link position} that are read out of turn: they will come again. */
  async preview({ entries }: ChangePage): Promise<void> {
    const opened = await this.open(entries, noPause);
    if (opened.length > 0) this.decisionFollower?.changed(opened);
  }

  /** Leaves hints out where there are more than can be read. @param pages that were read at once */
  skipHints(last: number, pages: number): void {
    if (pages < MOST_HINT_PAGES || this.decisionFollower || !this.hasMore) return;
    this.hasMore = false;
    this.place = last;
    this.knownTo = last;
    for (const follower of this.hintFollowers) follower.missed();
  }

  /** The store has lost entries. */
  restart(last: number): void {
    this.knownTo = undefined;
    if (this.begin()) {
      this.ahead = Math.max(0, last - RECENT_MS * PLACES_PER_MS);
      return;
    }
    this.place = last;
    for (const follower of this.hintFollowers) follower.missed();
  }

  /** Reads everything once more. */
  readAnew(): void {
    this.begin();
  }

  /** Reads from the beginning. @returns false for hints, which are not */
  private begin(): boolean {
    if (!this.decisionFollower) return false;
    this.place = 0;
    this.found = 0;
    this.hasRefusedAnew = false;
    this.hasMore = true;
    this.readAhead(this.knownTo);
    this.decisionFollower.began();
    return true;
  }

  /** They come again in their turn. To who wants to have all of them in order, they are reported now where none is left out. */
  private takeAhead(opened: readonly DecisionEntry[], { isMore }: ChangePage, place: number): void {
    this.readAhead(place, isMore);
    if (opened.length > 0) this.decisionFollower?.changed(opened);
    if (this.knownTo === undefined) return;
    if (opened.length > 0 && this.kind !== 'keys') this.places?.found(this.kind, opened, 0);
    if (!isMore) this.knownTo = place;
  }

  private readAhead(from: number | undefined, hasMore = false): void {
    this.ahead = from;
    this.hasMoreAhead = hasMore;
  }

  private finish(last: number): void {
    const { found, decisionFollower } = this;
    this.knownTo = last;
    this.readAhead(undefined);
    if (found === undefined) return;
    this.found = undefined;
    this.hasRefused = this.hasRefusedAnew;
    this.isRead = true;
    const againMs = found < PAGE_ENTRIES ? SHORT_REREAD_MS : LONG_REREAD_MS;
    this.rereadAtMs = this.parts.clock.monoMs() + againMs;
    decisionFollower?.ended();
  }

  private report(opened: readonly DecisionEntry[], later: number): void {
    if (this.hintFollowers.length > 0) {
      const texts = opened.map(({ text }) => text);
      for (const follower of this.hintFollowers) follower.changed(texts);
    }
    this.decisionFollower?.changed(opened);
    if (this.kind !== 'keys') this.places?.found(this.kind, opened, later);
  }

  /** To check a seal is what takes longest. */
  private async open(entries: readonly StoredChange[], pause: Pause): Promise<readonly DecisionEntry[]> {
    const all: DecisionEntry[] = [];
    for (const [i, entry] of entries.entries()) {
      if (i % ENTRIES_OF_A_TURN === 0) await pause();
      const opened = openChange(this.parts.mac, this.kind, entry);
      if (typeof opened === 'string') this.refuse(opened);
      else all.push(opened);
    }
    return all;
  }

  private refuse(reason: RecordRefusal): void {
    this.hasRefused = true;
    this.hasRefusedAnew = true;
    this.parts.onRefused(this.kind, reason);
  }
}
