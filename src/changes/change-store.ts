/** The port of the list of changes by which replicas learn from each other, in one order for all of them. */
import type { Arrival, ArrivalOutcome } from './arrival.js';

/**
 * What entries of the log are about. All kinds are in one order; each has a list of its own, so that a reader starts where it
 * needs to.
 */
export const changeKinds = [
  'keys', // a key set was stored: hints, of which only the latest matter
  'denials', // what operators decided about keys: every entry matters until it ends
  'revocations', // what was decided about tokens: the same, and there may be a million
] as const;

/** One of {@link changeKinds}. */
export type ChangeKind = (typeof changeKinds)[number];

/** Kinds of which every entry matters. */
export type DecisionKind = Exclude<ChangeKind, 'keys'>;

/** An entry as it is stored. The store does not look into it. */
export interface StoredChange {
  /** Its place in the log: grows with each entry, and is not reused even by a store that has lost its latest entries. */
  readonly position: number;
  /** Empty where it is longer than any entry of ours. */
  readonly sealed: Buffer;
}

/** Entries of one kind, oldest first. */
export interface ChangePage {
  readonly entries: readonly StoredChange[];
  /** Whether there are later ones that did not fit. */
  readonly isMore: boolean;
  /** How many there are of this kind, those before these included. */
  readonly total: number;
}

/** What one question brings. */
export interface ChangeReading {
  /** Place of the latest entry of any kind; 0 where there is none. Less than before: the store has lost entries. */
  readonly last: number;
  readonly pages: Readonly<Record<ChangeKind, ChangePage>>;
}

/** An entry to be appended. */
export interface NewChange {
  readonly kind: ChangeKind;
  readonly sealed: string;
  /** Entries that it replaces. */
  readonly instead: readonly string[];
}

/** After every entry there is: a reader of hints is not interested in those that were there before it. */
export const AT_THE_END = Number.MAX_SAFE_INTEGER;

/** Most entries of one kind that one question brings: what is read at once must not take long. */
export const PAGE_ENTRIES = 500;

/** How late a replica learns of a change elsewhere; part of every published bound (docs/key-lifecycle.md). In milliseconds. */
export const POLL_MS = 2_000;

/** Places grow by this much in a millisecond, or more slowly where the store's clock was put back. */
export const PLACES_PER_MS = 1_000;

/** Longest entry, in bytes. A reason of an operator has 200 characters. */
export const LONGEST_ENTRY = 4_096;

/** How long hints are kept: longer than any replica goes without reading, shorter than they pile up. In milliseconds. */
export const HINT_LIFE_MS = 24 * 60 * 60 * 1_000;

/**
 * Keeps one ordered list of changes that all replicas read. Every method is one atomic step. It keeps entries, it does not
 * vouch for them: who reads checks their seals.
 */
export abstract class ChangeStore {
  /** Whether what is read `near` comes from another server than the primary. */
  readonly mayBeBehind: boolean = false;

  /**
   * What comes after these places, one for each kind. One command, whatever there is to read.
   * @param from where it is read: a `near` read replica may be behind, the `primary` never is
   * @throws {RedisUnavailable}
   */
  abstract read(after: Readonly<Record<ChangeKind, number>>, from?: 'near' | 'primary'): Promise<ChangeReading>;

  /**
   * Appends an entry; one that is there already moves to the end.
   * @returns its place
   * @throws {RedisUnavailable}
   */
  abstract append(change: NewChange): Promise<number>;

  /**
   * Remembers that something has arrived and appends what follows from it, where it arrives for the first time.
   * @param sealed decisions about tokens; none where nothing follows
   * @throws {RedisUnavailable}
   */
  abstract admit(arrival: Arrival, sealed: readonly string[]): Promise<ArrivalOutcome>;

  /** Removes entries that have ended. @throws {RedisUnavailable} */
  abstract remove(kind: ChangeKind, sealed: readonly Buffer[]): Promise<void>;
}
