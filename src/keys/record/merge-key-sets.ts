import type { JsonObject } from '../../shared/json-value.js';
import type { EmptyEvidence, KeyRecord, KeyState, RecordedKey, Tombstone } from './key-record.js';
import type { Observation } from '../source/key-source.js';
import { refreshAfterMs, type KeyTiming } from '../key-timing.js';

/** An observation, with the start of its fetch on the store's clock. */
export interface KeyObservation {
  readonly observation: Observation;
  readonly atMs: number;
}

/** Removed keys that are remembered: an issuer that publishes new keys with every fetch must not make records grow. */
const MOST_TOMBSTONES = 1_000;

/** A record before the store has given it a fence. */
export type KeyRecordDraft = Omit<KeyRecord, 'fence'>;

/**
 * What the record becomes when an issuer was seen to publish this. Pure. Failures never come here: they change nothing.
 *
 * A new key counts at once. A key that vanished is `retiring` until a second fetch, at least `confirmDelay` later, misses
 * it as well, or until `retireMax` has passed. A key that was removed must be seen over `readdConfirm` before it counts
 * again. An empty set is believed only after several fetches over a long time.
 */
export function mergeKeySets(base: KeyRecord | undefined, observed: KeyObservation, timing: KeyTiming): KeyRecordDraft {
  const { observation, atMs } = observed;
  const isDoubtful = isEmpty(observation) && base !== undefined && base.keys.length > 0;
  const evidence = isDoubtful ? weighEmptiness(base.emptyEvidence, atMs) : undefined;
  if (base && evidence && !isConvincing(evidence, timing)) return { ...base, emptyEvidence: evidence };
  const isFinal = evidence !== undefined || timing.removal === 'immediate' || isTooOld(base, atMs, timing);
  const { kept, tombstones } = lapse(base, atMs, timing);
  const published = publishedJwks(kept, observation);
  const keys: RecordedKey[] = [];
  for (const key of kept) {
    const jwks = published.get(key.thumbprint);
    const state = jwks ? stateWhenSeen(key, atMs, timing) : stateWhenAbsent(key, isFinal, atMs, timing);
    if (state) keys.push({ ...key, state, ...(jwks ? { jwks, lastSeenMs: atMs } : {}) });
    else tombstones.set(key.thumbprint, { thumbprint: key.thumbprint, removedAtMs: atMs });
  }
  keys.push(...newcomers(published, keys, tombstones, atMs));
  const sequence = (observation.kind === 'published' ? observation.sequence : undefined) ?? base?.sequence;
  return {
    validatedAtMs: atMs,
    refreshAfterMs: refreshAfterMs(observation.lifetimeMs, timing),
    keys,
    tombstones: stillRelevant(tombstones, keys, atMs, timing),
    ...(sequence === undefined ? {} : { sequence }),
    ...(observation.validators ? { validators: observation.validators } : {}),
  };
}

function isEmpty(observation: Observation): boolean {
  return observation.kind === 'published' && observation.keys.length === 0;
}

function weighEmptiness(before: EmptyEvidence | undefined, atMs: number): EmptyEvidence {
  return { sinceMs: before?.sinceMs ?? atMs, latestMs: atMs, fetches: (before?.fetches ?? 0) + 1 };
}

function isConvincing({ sinceMs, latestMs, fetches }: EmptyEvidence, timing: KeyTiming): boolean {
  return fetches >= timing.emptyFetches && latestMs - sinceMs >= timing.emptyOverMs;
}

/** Keys must not live on by the evidence of a record that has itself expired (invariant I4). */
function isTooOld(base: KeyRecord | undefined, atMs: number, { hardTtlMs }: KeyTiming): boolean {
  return base !== undefined && atMs - base.validatedAtMs >= hardTtlMs;
}

/** What time alone has done: a retiring key is refused after `retireMax`, so it is removed, even if a later fetch sees it. */
function lapse(
  base: KeyRecord | undefined,
  atMs: number,
  { retireMaxMs }: KeyTiming,
): { readonly kept: readonly RecordedKey[]; readonly tombstones: Map<string, Tombstone> } {
  const tombstones = new Map((base?.tombstones ?? []).map((tombstone) => [tombstone.thumbprint, tombstone]));
  const kept = (base?.keys ?? []).filter(({ thumbprint, state }) => {
    const removedAtMs = state.name === 'retiring' ? state.sinceMs + retireMaxMs : Number.POSITIVE_INFINITY;
    if (atMs < removedAtMs) return true;
    tombstones.set(thumbprint, { thumbprint, removedAtMs });
    return false;
  });
  return { kept, tombstones };
}

/** What is published, by thumbprint. "Unchanged" means what the latest fetch saw, which a retiring key is not part of. */
function publishedJwks(kept: readonly RecordedKey[], observation: Observation): Map<string, readonly JsonObject[]> {
  if (observation.kind === 'unchanged') {
    const seen = kept.filter(({ state }) => state.name !== 'retiring');
    return new Map(seen.map(({ thumbprint, jwks }) => [thumbprint, jwks]));
  }
  const grouped = Map.groupBy(observation.keys, ({ thumbprint }) => thumbprint);
  return new Map([...grouped].map(([thumbprint, keys]) => [thumbprint, keys.map(({ jwk }) => jwk)]));
}

function stateWhenSeen({ state }: RecordedKey, atMs: number, { readdConfirmMs }: KeyTiming): KeyState {
  const isUnproved = state.name === 'returning' && atMs - state.sinceMs < readdConfirmMs;
  return isUnproved ? state : { name: 'active' };
}

/** `undefined`: removed. */
function stateWhenAbsent(
  { state }: RecordedKey,
  isFinal: boolean,
  atMs: number,
  { confirmDelayMs }: KeyTiming,
): KeyState | undefined {
  if (isFinal || state.name === 'returning') return undefined;
  if (state.name === 'active') return { name: 'retiring', sinceMs: atMs };
  return atMs - state.sinceMs < confirmDelayMs ? state : undefined;
}

function newcomers(
  published: ReadonlyMap<string, readonly JsonObject[]>,
  known: readonly RecordedKey[],
  tombstones: ReadonlyMap<string, Tombstone>,
  atMs: number,
): RecordedKey[] {
  const names = new Set(known.map(({ thumbprint }) => thumbprint));
  return [...published]
    .filter(([thumbprint]) => !names.has(thumbprint))
    .map(([thumbprint, jwks]) => {
      const state: KeyState = tombstones.has(thumbprint) ? { name: 'returning', sinceMs: atMs } : { name: 'active' };
      return { thumbprint, jwks, state, firstSeenMs: atMs, lastSeenMs: atMs };
    });
}

/** A tombstone outlives every record that could still hold its key, and ends when the key has proved itself again. */
function stillRelevant(
  tombstones: ReadonlyMap<string, Tombstone>,
  keys: readonly RecordedKey[],
  atMs: number,
  timing: KeyTiming,
): readonly Tombstone[] {
  const accepted = new Set(keys.filter(({ state }) => state.name === 'active').map((key) => key.thumbprint));
  const relevant = [...tombstones.values()].filter(
    ({ thumbprint, removedAtMs }) => !accepted.has(thumbprint) && atMs - removedAtMs < timing.hardTtlMs,
  );
  return relevant.toSorted((a, b) => b.removedAtMs - a.removedAtMs).slice(0, MOST_TOMBSTONES);
}
