/** The forms in which parts of the program follow the log of changes: each takes as much of it as it needs. */
import type { DecisionKind } from './change-store.js';
import type { DecisionEntry } from './sealed-change.js';

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
  /**
   * Entries in the order of their places. The same one may come again.
   * @param later about how many of this kind come behind them, while all are read from the beginning
   */
  found(kind: DecisionKind, entries: readonly DecisionEntry[], later: number): void;
  /** Every decision up to this place was reported. */
  readTo(position: number): void;
  /** The store has lost entries: it may give their places to others. */
  lost(): void;
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
