import { Clock, type Timer } from '../../shared/clock.js';
import type { KeyRecord, KeyState } from '../record/key-record.js';
import type { KeyRecordDraft } from '../record/merge-key-sets.js';

/**
 * Counts monotonic time from the epoch: close to the time of a store's clock, so that fences made from either grow in the
 * same range, and as independent of a stepped host clock as any monotonic time.
 */
export class EpochClock extends Clock {
  private readonly originMs: number;

  constructor(private readonly clock: Clock) {
    super();
    this.originMs = clock.wallMs() - clock.monoMs();
  }

  override wallMs(): number {
    return this.clock.wallMs();
  }

  override monoMs(): number {
    return Math.floor(this.originMs + this.clock.monoMs());
  }

  override after(delayMs: number, action: () => void): Timer {
    return this.clock.after(delayMs, action);
  }
}

/** Most that two sound clocks differ, in milliseconds. Beyond it an operator should know (key-lifecycle 5.3). */
export const CLOCK_SLACK_MS = 5_000;

/**
 * Estimates how far a store's clock is ahead of ours. An answer proves only that the offset lies between two values: the
 * store read its clock after we asked and before its answer came. All answers together narrow that down; one that
 * contradicts them means that a clock was moved. Ages come from the end of the range that makes them too great rather
 * than too small.
 */
export class StoreOffset {
  private range: { readonly leastMs: number; readonly mostMs: number } | undefined;

  /** Store time minus ours; 0 until there was an answer, because then the wall clock is the best guess. */
  get ms(): number {
    return this.range?.mostMs ?? 0;
  }

  /** @returns how far the clocks have moved apart since the answers before, in milliseconds; 0 when they have not */
  observe(askedMs: number, storeMs: number, receivedMs: number): number {
    const before = this.range ?? { leastMs: 0, mostMs: 0 };
    const leastMs = storeMs - receivedMs;
    const mostMs = storeMs - askedMs;
    const isConsistent = this.range !== undefined && leastMs <= before.mostMs && mostMs >= before.leastMs;
    this.range = isConsistent
      ? { leastMs: Math.max(leastMs, before.leastMs), mostMs: Math.min(mostMs, before.mostMs) }
      : { leastMs, mostMs };
    if (leastMs > before.mostMs) return leastMs - before.mostMs;
    return mostMs < before.leastMs ? mostMs - before.leastMs : 0;
  }
}

/**
 * The same record on a clock that is `byMs` ahead.
 * @param latestMs no time of the result is later: a clock that was set back must not make keys from the future
 */
export function shifted<T extends KeyRecordDraft | KeyRecord>(record: T, byMs: number, latestMs: number): T {
  const at = (ms: number): number => Math.min(ms + byMs, latestMs);
  const { emptyEvidence: evidence } = record;
  return {
    ...record,
    validatedAtMs: at(record.validatedAtMs),
    keys: record.keys.map((key) => ({
      ...key,
      state: shiftedState(key.state, at),
      firstSeenMs: at(key.firstSeenMs),
      lastSeenMs: at(key.lastSeenMs),
    })),
    tombstones: record.tombstones.map((stone) => ({ ...stone, removedAtMs: at(stone.removedAtMs) })),
    ...(evidence && {
      emptyEvidence: { ...evidence, sinceMs: at(evidence.sinceMs), latestMs: at(evidence.latestMs) },
    }),
  };
}

function shiftedState(state: KeyState, at: (ms: number) => number): KeyState {
  return state.name === 'active' ? state : { ...state, sinceMs: at(state.sinceMs) };
}
