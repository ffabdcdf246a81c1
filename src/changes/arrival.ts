/** What arrives from outside may arrive again: it takes effect once, and so that being remembered and taking effect cannot part. */
export interface Arrival {
  /** Whose ids these are, a path-safe word of the configuration: two sources may use the same ids. */
  readonly source: string;
  /** The id that the sender gave it, as a digest of bounded length. */
  readonly digest: string;
  /** Wall time in milliseconds from which on it would be refused anyway, and need not be remembered. */
  readonly untilMs: number;
  /** Most of this source that take effect in one minute, all replicas together. */
  readonly mostPerMinute: number;
}

/** What became of an arrival. `limited`: its source has had too much effect in this minute; nothing is remembered. */
export const arrivalOutcomes = ['first', 'repeated', 'limited'] as const;

/** One of {@link arrivalOutcomes}. */
export type ArrivalOutcome = (typeof arrivalOutcomes)[number];

/** Arrivals that are remembered for one source; beyond that the one that may be forgotten soonest is. */
export const MOST_ARRIVALS = 100_000;

/** Longest time that one is remembered, whatever its sender says. In milliseconds. */
export const LONGEST_MEMORY_MS = 7 * 24 * 60 * 60 * 1_000;

/** What {@link Arrival.mostPerMinute} counts in. */
export const MINUTE_MS = 60_000;
