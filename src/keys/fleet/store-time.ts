/** Converts the times of a record between the clock of Redis and that of this replica. */
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

/**
 * The same record with a proof that is `byMs` older: it is due, expires and ends retiring keys so much earlier. What a key
 * has to prove still takes as long: nothing comes back earlier because a clock is wrong.
 */
export function aged(record: KeyRecord, byMs: number): KeyRecord {
  const keys = record.keys.map(({ state, ...key }) => ({
    ...key,
    state: state.name === 'retiring' ? { ...state, sinceMs: state.sinceMs - byMs } : state,
  }));
  return { ...record, validatedAtMs: record.validatedAtMs - byMs, keys };
}

function shiftedState(state: KeyState, at: (ms: number) => number): KeyState {
  return state.name === 'active' ? state : { ...state, sinceMs: at(state.sinceMs) };
}
