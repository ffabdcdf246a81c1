import type { RecordMac, RecordRefusal } from '../redis/record-mac.js';
import type { Clock } from '../shared/clock.js';
import { pausesBy, type Pause } from '../shared/pause.js';
import type { PlaceFollower } from './change-followers.js';
import { ChangeList } from './change-list.js';
import {
  AT_THE_END,
  changeKinds,
  POLL_MS,
  type ChangeKind,
  type ChangeReading,
  type ChangeStore,
  type DecisionKind,
} from './change-store.js';
import { OwnAppends } from './own-appends.js';
import { ReadingAge } from './reading-age.js';
import { RefusalAlarm } from './refusal-alarm.js';

/** What a {@link LogReader} works with. */
export interface LogReaderParts {
  readonly store: ChangeStore;
  readonly mac: RecordMac;
  readonly clock: Clock;
  /** Called for each entry that is not believed; `isNews` once for a state that lasts. */
  readonly onRefused: (kind: ChangeKind, reason: RecordRefusal, isNews: boolean) => void;
  /** Pauses for a reading that begins now; those of the clock unless said. */
  readonly pauses?: () => Pause;
}

/**
 * Reads the log of changes page by page, and keeps this replica's place in it. A list of a million entries takes seconds to be read from its
 * beginning, on a busy machine many of them: meanwhile its end is read as often as ever, so that what is decided now is known in time.
 */
export class LogReader {
  readonly lists: Readonly<Record<ChangeKind, ChangeList>>;
  private readonly ours: OwnAppends;
  private readonly age: ReadingAge;
  private places: PlaceFollower | undefined;
  private last = 0;
  private answeredAtMs: number | undefined;
  private endReadAtMs = 0;
  private everyMs = POLL_MS;
  private reading: Promise<void> | undefined;

  constructor(private readonly parts: LogReaderParts) {
    this.ours = new OwnAppends(parts.clock);
    this.age = new ReadingAge(parts);
    const alarm = new RefusalAlarm(parts.clock);
    const onRefused = (kind: ChangeKind, reason: RecordRefusal): void => {
      parts.onRefused(kind, reason, alarm.isNews(kind, reason));
    };
    const list = (kind: ChangeKind): ChangeList => new ChangeList(kind, { ...parts, onRefused });
    this.lists = { keys: list('keys'), denials: list('denials'), revocations: list('revocations') };
  }

  followPlaces(follower: PlaceFollower): void {
    this.places = follower;
    this.lists.denials.places = follower;
    this.lists.revocations.places = follower;
  }

  /** In milliseconds; at most {@link POLL_MS}, which published bounds are made of. */
  get pollMs(): number {
    return this.everyMs;
  }

  set pollMs(ms: number) {
    this.everyMs = Math.min(ms, POLL_MS);
  }

  /** How long ago the log was last read to its end, as the primary has it, in milliseconds; `undefined`: never. */
  get readAgoMs(): number | undefined {
    return this.age.agoMs;
  }

  /** How long ago the store last answered a reading, perhaps one of many pages, in milliseconds; `undefined`: never. */
  get answeredAgoMs(): number | undefined {
    return this.answeredAtMs === undefined ? undefined : this.parts.clock.monoMs() - this.answeredAtMs;
  }

  /** Reads all of this kind again with the next poll. */
  readAnew(kind: DecisionKind): void {
    this.lists[kind].readAnew();
  }

  /** A decision was appended here. @param place where, which must be reached again */
  hasAppended(place: number): void {
    this.ours.add(place);
  }

  /** Reads to the end of the log; joins a reading that is under way. @throws {RedisUnavailable} */
  read(): Promise<void> {
    this.reading ??= this.age
      .whileReading(() => this.readToEnd())
      .finally(() => {
        this.reading = undefined;
      });
    return this.reading;
  }

  /**
   * Reads the decisions that were appended until now, where they are appended. Places stay as they are: the next poll may ask a
   * read replica that is behind.
   * @throws {RedisUnavailable}
   */
  async readLatest(kind: 'denials'): Promise<void> {
    const list = this.lists[kind];
    let after = list.position;
    for (let isMore = true; isMore;) {
      const places = { keys: AT_THE_END, denials: after, revocations: AT_THE_END };
      const { last, pages } = await this.parts.store.read(places, 'primary');
      const page = pages[kind];
      await list.preview(page);
      // A last place before ours: entries were lost, and those that are there may have earlier places.
      const isLoss = last < after;
      after = isLoss ? 0 : (page.entries.at(-1)?.position ?? last);
      isMore = isLoss || page.isMore;
    }
  }

  private async readToEnd(): Promise<void> {
    const all = Object.values(this.lists);
    for (const list of all) list.prepare();
    this.endReadAtMs = this.parts.clock.monoMs();
    for (let pages = 1, isMore = true; isMore; pages++) {
      if (await this.readPage('next')) {
        for (const list of all) list.skipHints(this.last, pages);
        isMore = all.some((list) => list.hasMore);
      }
      if (isMore && this.parts.clock.monoMs() - this.endReadAtMs >= this.everyMs) await this.readAhead();
    }
    this.places?.readTo(this.last);
  }

  /** What was appended since a long reading has begun; a page of it at once, so that the reading goes on as well. */
  private async readAhead(): Promise<void> {
    const all = Object.values(this.lists);
    if (all.every(({ ahead }) => ahead === undefined)) return;
    const [isRead] = await Promise.all([this.readPage('ahead'), this.age.ask()]);
    if (!isRead || all.some((list) => list.hasMoreAhead)) return;
    this.endReadAtMs = this.parts.clock.monoMs();
    if (this.isAllKnown) this.places?.readTo(this.last);
  }

  /** @returns false where the store has lost entries: places mean nothing any more */
  private async readPage(which: 'next' | 'ahead'): Promise<boolean> {
    const { keys, denials, revocations } = this.lists;
    const placeOf = ({ position, ahead = 0 }: ChangeList): number =>
      which === 'ahead' ? Math.max(position, ahead) : position;
    const after = { keys: placeOf(keys), denials: placeOf(denials), revocations: placeOf(revocations) };
    const { place: appended } = this.ours;
    const reading = await this.parts.store.read(after);
    this.answeredAtMs = this.parts.clock.monoMs();
    if (await this.isLoss(reading, appended)) return false;
    const pause = this.parts.pauses?.() ?? pausesBy(this.parts.clock);
    for (const kind of changeKinds) {
      await this.lists[kind].take(reading.pages[kind], { after: after[kind], last: reading.last, pause });
    }
    if (this.isAllKnown) this.age.ended(reading.last);
    return true;
  }

  /** Whether everything that there was at the latest answer is known, even while it is read once more. */
  private get isAllKnown(): boolean {
    return Object.values(this.lists).every(({ knownTo }) => knownTo === this.last);
  }

  /** What is decided there counts all the same, and now: perhaps nothing can be read for a while. */
  private async isLoss(reading: ChangeReading, appended: number): Promise<boolean> {
    const { denials, revocations } = this.lists;
    const isSomeGone = reading.last < this.last;
    if (isSomeGone) {
      await denials.preview(reading.pages.denials);
      await revocations.preview(reading.pages.revocations);
    }
    return this.hasLostEntries(reading) || this.hasLostOurs(reading, appended);
  }

  /** A store that knows less than it did has failed over, or was emptied: places mean nothing any more. */
  private hasLostEntries({ last }: ChangeReading): boolean {
    const isLoss = last < this.last;
    this.last = last;
    if (!isLoss) return false;
    this.ours.forget();
    this.places?.lost();
    for (const list of Object.values(this.lists)) list.restart(last);
    return true;
  }

  /** @param appended what was appended before the question was asked */
  private hasLostOurs({ last }: ChangeReading, appended: number): boolean {
    const isLoss = this.ours.areLost(last, appended);
    if (isLoss) this.lists.denials.restart(last);
    return isLoss;
  }
}
