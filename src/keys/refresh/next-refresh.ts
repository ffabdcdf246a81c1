import type { KeyRecord, RecordedKey } from '../record/key-record.js';
import type { KeyTiming } from '../key-timing.js';

/** Whether something was seen that a further fetch, before the regular one, has to settle. */
export function isInDoubt({ keys, emptyEvidence }: KeyRecord): boolean {
  return emptyEvidence !== undefined || keys.some(({ state }) => state.name !== 'active');
}

/**
 * When the next fetch is due, on the store's clock: when the record's time is over, or earlier where a doubt can be settled.
 * @param dueAfterMs age at which a record without doubts is due
 */
export function nextRefreshMs(record: KeyRecord, dueAfterMs: number, timing: KeyTiming): number {
  const { emptyEvidence } = record;
  // Never later than the regular fetch would be: what was empty once may be whole again, and the keys go on ageing.
  if (emptyEvidence)
    return emptyEvidence.latestMs + Math.min(dueAfterMs, timing.emptyOverMs / (timing.emptyFetches - 1));
  const doubts = record.keys.map((key) => settledMs(key, timing));
  return Math.min(record.validatedAtMs + dueAfterMs, ...doubts);
}

/** When a fetch can settle the state of a key. */
function settledMs({ state }: RecordedKey, timing: KeyTiming): number {
  switch (state.name) {
    case 'active':
      return Number.POSITIVE_INFINITY;
    case 'retiring':
      return state.sinceMs + timing.confirmDelayMs;
    case 'returning':
      return state.sinceMs + timing.readdConfirmMs;
  }
}
