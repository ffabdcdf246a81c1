import type { Timer } from '../shared/clock.js';
import type { Arrival, ArrivalOutcome } from './arrival.js';
import type { ChangeKind, DecisionKind } from './change-store.js';
import {
  collecting,
  type DecisionFollower,
  type HintFollower,
  type PlaceFollower,
  type StreamFollower,
} from './change-followers.js';
import { LogReader, type LogReaderParts } from './log-reader.js';
import { OfferedHints } from './offered-hints.js';
import { newEntry, sealChange, type DecisionEntry } from './sealed-change.js';

/** What a {@link ChangeLog} works with. */
export interface ChangeLogParts extends LogReaderParts {
  /** Uniform in [0, 1). */
  readonly random?: () => number;
}

/**
 * One ordered, sealed log of what replicas tell each other, and this replica's place in it. A poll that finds nothing new is one
 * command to Redis, whatever the number of issuers. An entry that is lost, late, out of order or forged costs time and never
 * truth: key sets prove themselves by their own seals, and decisions are read again as a whole now and then.
 */
export class ChangeLog {
  private readonly reader: LogReader;
  private readonly hints: OfferedHints;
  private timer: Timer | undefined;
  private isRunning = false;

  constructor(private readonly parts: ChangeLogParts) {
    this.reader = new LogReader(parts);
    this.hints = new OfferedHints(parts);
  }

  /** Calls `follower` with every hint from now on. */
  followHints(kind: 'keys', follower: HintFollower): void {
    this.reader.lists[kind].hintFollowers.push(follower);
  }

  /** Calls `follower` with every decision there is and will be. */
  followDecisions(kind: DecisionKind, follower: DecisionFollower): void {
    this.reader.lists[kind].decisionFollower = collecting(follower);
  }

  /** The same for decisions of which there may be very many. */
  followStream(kind: DecisionKind, follower: StreamFollower): void {
    this.reader.lists[kind].decisionFollower = follower;
  }

  /** Calls `follower` with the places of decisions, for who passes them on. */
  followPlaces(follower: PlaceFollower): void {
    this.reader.followPlaces(follower);
  }

  /** Reads all of this kind again with the next poll. */
  readAnew(kind: DecisionKind): void {
    this.reader.readAnew(kind);
  }

  /** Whether everything of this kind was read once, from beginning to end. */
  isRead(kind: DecisionKind): boolean {
    return this.reader.lists[kind].isRead;
  }

  /** The place up to which every entry of this kind was read, and is believed; `undefined` where that is not so. */
  knownTo(kind: DecisionKind): number | undefined {
    return this.reader.lists[kind].believedTo;
  }

  /** How long ago the log was last read to its end, as the primary has it, in milliseconds; `undefined`: never. */
  get readAgoMs(): number | undefined {
    return this.reader.readAgoMs;
  }

  /** How long ago the store last answered a reading, perhaps one of many pages, in milliseconds; `undefined`: never. */
  get answeredAgoMs(): number | undefined {
    return this.reader.answeredAgoMs;
  }

  /** @param pollMs at most {@link POLL_MS}, which published bounds are made of; from the next reading on */
  readEvery(pollMs: number): void {
    this.reader.pollMs = pollMs;
  }

  /** Begins to read, and goes on. Resolves after the first attempt, whatever came of it. */
  async start(): Promise<void> {
    this.isRunning = true;
    await this.read().catch(() => undefined);
    this.arm(this.reader.pollMs * (this.parts.random ?? Math.random)());
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
    if (kind === 'denials') this.reader.hasAppended(place);
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
    return this.reader.read();
  }

  /**
   * Reads the decisions that were appended until now, where they are appended. Places stay as they are: the next poll may ask a
   * read replica that is behind.
   * @throws {RedisUnavailable}
   */
  readLatest(kind: 'denials'): Promise<void> {
    return this.reader.readLatest(kind);
  }

  private arm(delayMs: number): void {
    if (!this.isRunning) return;
    this.timer = this.parts.clock.after(delayMs, () => {
      void this.poll().finally(() => {
        this.arm(this.reader.pollMs);
      });
    });
  }

  /** Never rejects: while the store is away, what is known holds. */
  private async poll(): Promise<void> {
    await this.read().catch(() => undefined);
    await this.hints.settle();
  }
}
