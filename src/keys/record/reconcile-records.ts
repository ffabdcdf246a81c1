import type { KeyRecord, KeyState, RecordedKey, Tombstone } from './key-record.js';
import type { KeyTiming } from '../key-timing.js';

/**
 * Times of one fetch that were carried over different ways differ by what the messages took. Fetches that differ less are
 * in the order of their fences, of others the younger counts.
 */
export const SAME_FETCH_MS = 500;

/** Whether a replica that has `mine` takes over `other`: another record, of a fetch that is not older (invariant I5). */
export function supersedes(other: KeyRecord, mine: KeyRecord): boolean {
  const youngerByMs = other.validatedAtMs - mine.validatedAtMs;
  return Math.abs(youngerByMs) > SAME_FETCH_MS ? youngerByMs > 0 : other.fence > mine.fence;
}

/**
 * Makes one record of two of one source that were not made from each other: a replica fetched alone, a store was split or
 * has forgotten. The younger one holds, but no key comes back through it that the older one knows to be removed: such a
 * key has to prove itself first, and one that is `retiring` is gone (finding F1). Pure; times are of one clock.
 */
export function reconcile(older: KeyRecord, younger: KeyRecord, timing: KeyTiming): KeyRecord {
  const tombstones = new Map([...older.tombstones, ...younger.tombstones].map((stone) => [stone.thumbprint, stone]));
  const known = new Map(older.keys.map((key) => [key.thumbprint, key]));
  const removed = new Map(older.tombstones.map((stone) => [stone.thumbprint, stone]));
  const keys = younger.keys.flatMap((key) => {
    const state = stateAfter(key, known.get(key.thumbprint), removed.get(key.thumbprint), timing);
    return state ? { ...key, state } : [];
  });
  return { ...younger, keys, tombstones: stillRelevant(tombstones, keys, younger, timing) };
}

/** The record of the younger observation, with what the other one knows to be removed. */
export function youngestOf(
  one: KeyRecord | undefined,
  other: KeyRecord | undefined,
  timing: KeyTiming,
): KeyRecord | undefined {
  if (!one || !other) return one ?? other;
  return other.validatedAtMs >= one.validatedAtMs ? reconcile(one, other, timing) : reconcile(other, one, timing);
}

/** `undefined`: removed. */
function stateAfter(
  key: RecordedKey,
  known: RecordedKey | undefined,
  removed: Tombstone | undefined,
  timing: KeyTiming,
): KeyState | undefined {
  const before = known?.state;
  if (before?.name === 'retiring') return retiringSince(key, before.sinceMs);
  if (before?.name === 'returning') return provenSince(key, Math.min(before.sinceMs, foundMs(key, removed)), timing);
  if (before || !removed) return key.state;
  return provenSince(key, Math.min(key.lastSeenMs, foundMs(key, removed)), timing);
}

/** A key that was found after its removal has been watched since then; of any other we know the latest fetch only. */
function foundMs({ firstSeenMs }: RecordedKey, removed: Tombstone | undefined): number {
  return removed && firstSeenMs > removed.removedAtMs ? firstSeenMs : Number.POSITIVE_INFINITY;
}

/** A key that was removed and is seen since `sinceMs`. */
function provenSince({ state, lastSeenMs }: RecordedKey, sinceMs: number, timing: KeyTiming): KeyState | undefined {
  if (state.name !== 'returning' && lastSeenMs - sinceMs >= timing.readdConfirmMs) return state;
  return state.name === 'retiring' ? undefined : { name: 'returning', sinceMs };
}

/** The replica that first noticed the absence of a key decides when it ends, unless the key was seen in between. */
function retiringSince({ state, lastSeenMs }: RecordedKey, sinceMs: number): KeyState {
  if (state.name !== 'retiring' || lastSeenMs > sinceMs) return state;
  return { name: 'retiring', sinceMs: Math.min(sinceMs, state.sinceMs) };
}

function stillRelevant(
  tombstones: ReadonlyMap<string, Tombstone>,
  keys: readonly RecordedKey[],
  { validatedAtMs }: KeyRecord,
  timing: KeyTiming,
): readonly Tombstone[] {
  const accepted = new Set(keys.filter(({ state }) => state.name !== 'returning').map((key) => key.thumbprint));
  return [...tombstones.values()].filter(
    ({ thumbprint, removedAtMs }) => !accepted.has(thumbprint) && validatedAtMs - removedAtMs < timing.hardTtlMs,
  );
}
