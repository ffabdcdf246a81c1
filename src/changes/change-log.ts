import type { RecordMac, RecordRefusal } from '../redis/record-mac.js';
import type { Clock, Timer } from '../shared/clock.js';
import { pausesBy, type Pause } from '../shared/pause.js';
import type { Arrival, ArrivalOutcome } from './arrival.js';
import {
  AT_THE_END,
  changeKinds,
  type ChangeKind,
  type ChangeReading,
  type ChangeStore,
  type DecisionKind,
} from './change-store.js';
import {
  ChangeList,
  collecting,
  type DecisionFollower,
  type HintFollower,
  type PlaceFollower,
  type StreamFollower,
} from './change-list.js';
import { OfferedHints } from './offered-hints.js';
import { OwnAppends } from './own-appends.js';
import { ReadingAge } from './reading-age.js';
import { RefusalAlarm } from './refusal-alarm.js';
import { newEntry, sealChange, type DecisionEntry } from './sealed-change.js';

/** How late a replica learns of a change elsewhere; part of every published bound (docs/key-lifecycle.md). In milliseconds. */
export const POLL_MS = 2_000;

/** What a {@link ChangeLog} works with. */
export interface ChangeLogParts {
  readonly store: ChangeStore;
  readonly mac: RecordMac;
  readonly clock: Clock;
  /** Called for each entry that is not believed; `isNews` once for a state that lasts. */
  readonly onRefused: (kind: ChangeKind, reason: RecordRefusal, isNews: boolean) => void;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
  /** Pauses for a reading that begins now; those of the clock unless said. */
  readonly pauses?: () => Pause;
}

/**
 * One ordered, sealed log of what replicas tell each other, and this replica's place in it. A poll that finds nothing new is one
 * command to Redis, whatever the number of issuers. An entry that is lost, late, out of order or forged costs time and never
 * truth: key sets prove themselves by their own seals, and decisions are read again as a whole now and then.
 */
export class ChangeLog {
  private readonly lists: Readonly<Record<ChangeKind, ChangeList>>;
  private readonly hints: OfferedHints;
  private places: PlaceFollower | undefined;
  private last = 0;
  private readonly ours: OwnAppends;
  private readonly age: ReadingAge;
  private heardAtMs: number | undefined;
  private pollMs = POLL_MS;
  private reading: Promise<void> | undefined;
  private timer: Timer | undefined;
  private isRunning = false;

  constructor(private readonly parts: ChangeLogParts) {
    this.ours = new OwnAppends(parts.clock);
    this.age = new ReadingAge(parts);
    this.hints = new OfferedHints(parts);
    const alarm = new RefusalAlarm(parts.clock);
    const onRefused = (kind: ChangeKind, reason: RecordRefusal): void => {
      parts.onRefused(kind, reason, alarm.isNews(kind, reason));
    };
    const list = (kind: ChangeKind): ChangeList => new ChangeList(kind, { ...parts, onRefused });
    this.lists = { keys: list('keys'), denials: list('denials'), revocations: list('revocations') };
  }

  /** Calls `follower` with every hint from now on. */
  followHints(kind: 'keys', follower: HintFollower): void {
    this.lists[kind].hintFollowers.push(follower);
  }

  /** Calls `follower` with every decision there is and will be. */
  followDecisions(kind: DecisionKind, follower: DecisionFollower): void {
    this.lists[kind].decisionFollower = collecting(follower);
  }

  /** The same for decisions of which there may be very many. */
  followStream(kind: DecisionKind, follower: StreamFollower): void {
    this.lists[kind].decisionFollower = follower;
  }

  /** Calls `follower` with the places of decisions, for who passes them on. */
  followPlaces(follower: PlaceFollower): void {
    this.places = follower;
    this.lists.denials.places = follower;
    this.lists.revocations.places = follower;
  }

  /** Reads all of this kind again with the next poll. */
  readAnew(kind: DecisionKind): void {
    this.lists[kind].restart(this.last);
  }

  /** Whether everything of this kind was read once, from beginning to end. */
  isRead(kind: DecisionKind): boolean {
    return this.lists[kind].isRead;
  }

  /** How long ago the log was last read to its end, as the primary has it, in milliseconds; `undefined`: never. */
  get readAgoMs(): number | undefined {
    return this.age.agoMs;
  }

  /** How long ago the store last answered a reading, perhaps one of many pages, in milliseconds; `undefined`: never. */
  get heardAgoMs(): number | undefined {
    return this.heardAtMs === undefined ? undefined : this.parts.clock.monoMs() - this.heardAtMs;
  }

  /** @param pollMs at most {@link POLL_MS}, which published bounds are made of; from the next reading on */
  readEvery(pollMs: number): void {
    this.pollMs = Math.min(pollMs, POLL_MS);
  }

  /** Begins to read, and goes on. Resolves after the first attempt, whatever came of it. */
  async start(): Promise<void> {
    this.isRunning = true;
    await this.read().catch(() => undefined);
    this.arm(this.pollMs * (this.parts.random ?? Math.random)());
  }

  stop(): void {
    this.isRunning = false;
    this.timer?.cancel();
  }

  /**
   * Appends a decision.
   * @param instead entries that it replaces
   * @returns the entry
   * @throws {RedisUnavailable}
   */
  async append(kind: DecisionKind, text: string, instead: readonly DecisionEntry[]): Promise<DecisionEntry> {
    const sealed = sealChange(this.parts.mac, kind, text);
    const replaced = instead.map((entry) => entry.sealed.toString());
    const place = await this.parts.store.append({ kind, sealed, instead: replaced });
    // Whoever has many decisions looks for each of its own by itself: to read all of them again would take too long.
    if (kind === 'denials') this.ours.add(place);
    return newEntry(sealed, text, place);
  }

  /** Remembers an arrival and appends what was decided because of it, once and in one step. @throws {RedisUnavailable} */
  admit(arrival: Arrival, texts: readonly string[]): Promise<ArrivalOutcome> {
    const sealed = texts.map((text) => sealChange(this.parts.mac, 'revocations', text));
    return this.parts.store.admit(arrival, sealed);
  }

  /**
   * Appends a hint, now or as soon as the store takes it. Never rejects.
   * @param instead texts of hints that it replaces
   */
  offer(kind: 'keys', text: string, instead: readonly string[]): Promise<void> {
    return this.hints.offer(kind, text, instead);
  }

  /** Removes entries that have ended. @throws {RedisUnavailable} */
  async remove(kind: ChangeKind, sealed: readonly Buffer[]): Promise<void> {
    await this.parts.store.remove(kind, sealed);
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

  private arm(delayMs: number): void {
    if (!this.isRunning) return;
    this.timer = this.parts.clock.after(delayMs, () => {
      void this.poll().finally(() => {
        this.arm(this.pollMs);
      });
    });
  }

  /** Never rejects: while the store is away, what is known holds. */
  private async poll(): Promise<void> {
    await this.read().catch(() => undefined);
    await this.hints.settle();
  }

  private async readToEnd(): Promise<void> {
    const all = Object.values(this.lists);
    for (const list of all) list.prepare();
    for (let pages = 1, isMore = true; isMore; pages++) {
      const { keys, denials, revocations } = this.lists;
      const after = { keys: keys.position, denials: denials.position, revocations: revocations.position };
      const { place: appended } = this.ours;
      const reading = await this.parts.store.read(after);
      this.heardAtMs = this.parts.clock.monoMs();
      if (this.hasLostEntries(reading) || this.hasLostOurs(reading, appended)) continue;
      const pause = this.parts.pauses?.() ?? pausesBy(this.parts.clock);
      for (const kind of changeKinds) {
        await this.lists[kind].take(reading.pages[kind], { after: after[kind], last: reading.last, pause });
        this.lists[kind].skipHints(reading.last, pages);
      }
      isMore = all.some((list) => list.hasMore);
    }
    this.age.ended(this.last);
    this.places?.readTo(this.last);
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
