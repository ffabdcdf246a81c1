import type { JsonObject } from '../shared/json-value.js';
import type { EmptyEvidence, KeyRecord, KeyStanding, RecordedKey, Tombstone } from './key-record.js';
import type { Observation, PublishedSet } from './key-source.js';
import { refreshAfterMs, type KeyTiming } from './key-timing.js';

/** An observation, with the start of its fetch on the store's clock. */
export interface Sighting {
  readonly observation: Observation;
  readonly atMs: number;
}

/** A record before the store has given it a fence. */
export type KeyRecordDraft = Omit<KeyRecord, 'fence'>;

/**
 * What the record becomes when an issuer was seen to publish this. Pure. Failures never come here: they change nothing.
 *
 * A new key counts at once. A key that vanished is `retiring` until a second look, at least `confirmDelay` later, misses
 * it as well, or until `retireMax` has passed. A key that was removed must be seen over `readdConfirm` before it counts
 * again. An empty set is believed only after several looks over a long time.
 */
export function mergeKeySets(base: KeyRecord | undefined, sighting: Sighting, timing: KeyTiming): KeyRecordDraft {
  const { observation, atMs } = sighting;
  if (isEmpty(observation) && base && base.keys.length > 0) {
    const evidence = weighEmptiness(base.emptyEvidence, atMs);
    if (!isConvincing(evidence, timing)) return { ...base, emptyEvidence: evidence };
  }
  const published = publishedJwks(base, observation);
  const keys: RecordedKey[] = [];
  const tombstones = new Map((base?.tombstones ?? []).map((tombstone) => [tombstone.thumbprint, tombstone]));
  for (const key of base?.keys ?? []) {
    const jwks = published.get(key.thumbprint);
    const standing = jwks ? standingWhenSeen(key, atMs, timing) : standingWhenAbsent(key, base, atMs, timing);
    if (standing) keys.push({ ...key, standing, ...(jwks ? { jwks, lastSeenMs: atMs } : {}) });
    else tombstones.set(key.thumbprint, { thumbprint: key.thumbprint, removedAtMs: atMs });
  }
  keys.push(...newcomers(published, keys, tombstones, atMs));
  return {
    validatedAtMs: atMs,
    refreshAfterMs: refreshAfterMs(observation.lifetimeMs, timing),
    keys,
    tombstones: stillRelevant(tombstones, keys, atMs, timing),
    ...(observation.validators ? { validators: observation.validators } : {}),
  };
}

function isEmpty(observation: Observation): observation is PublishedSet {
  return observation.kind === 'published' && observation.keys.length === 0;
}

function weighEmptiness(before: EmptyEvidence | undefined, atMs: number): EmptyEvidence {
  return { sinceMs: before?.sinceMs ?? atMs, latestMs: atMs, looks: (before?.looks ?? 0) + 1 };
}

function isConvincing({ sinceMs, latestMs, looks }: EmptyEvidence, timing: KeyTiming): boolean {
  return looks >= timing.emptyLooks && latestMs - sinceMs >= timing.emptyOverMs;
}

/** What is published, by thumbprint. "Unchanged" means what the latest look saw, which a retiring key is not part of. */
function publishedJwks(base: KeyRecord | undefined, observation: Observation): Map<string, readonly JsonObject[]> {
  if (observation.kind === 'unchanged') {
    const seen = base?.keys.filter(({ standing }) => standing.name !== 'retiring') ?? [];
    return new Map(seen.map(({ thumbprint, jwks }) => [thumbprint, jwks]));
  }
  const grouped = Map.groupBy(observation.keys, ({ thumbprint }) => thumbprint);
  return new Map([...grouped].map(([thumbprint, keys]) => [thumbprint, keys.map(({ jwk }) => jwk)]));
}

/** `undefined`: removed. */
function standingWhenSeen({ standing }: RecordedKey, atMs: number, timing: KeyTiming): KeyStanding | undefined {
  switch (standing.name) {
    case 'active':
      return standing;
    case 'retiring': // after `retireMax` it was refused already: it has to come back like any removed key
      return atMs - standing.sinceMs < timing.retireMaxMs ? { name: 'active' } : { name: 'returning', sinceMs: atMs };
    case 'returning':
      return atMs - standing.sinceMs < timing.readdConfirmMs ? standing : { name: 'active' };
  }
}

/** `undefined`: removed. */
function standingWhenAbsent(
  { standing }: RecordedKey,
  base: KeyRecord | undefined,
  atMs: number,
  timing: KeyTiming,
): KeyStanding | undefined {
  if (timing.removal === 'immediate' || standing.name === 'returning') return undefined;
  const isStaleEvidence = !base || atMs - base.validatedAtMs >= timing.hardTtlMs;
  if (isStaleEvidence) return undefined;
  if (standing.name === 'active') return { name: 'retiring', sinceMs: atMs };
  return atMs - standing.sinceMs < timing.confirmDelayMs ? standing : undefined;
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
      const standing: KeyStanding = tombstones.has(thumbprint)
        ? { name: 'returning', sinceMs: atMs }
        : { name: 'active' };
      return { thumbprint, jwks, standing, firstSeenMs: atMs, lastSeenMs: atMs };
    });
}

/** A tombstone outlives every record that could still hold its key, and ends when the key has proved itself again. */
function stillRelevant(
  tombstones: ReadonlyMap<string, Tombstone>,
  keys: readonly RecordedKey[],
  atMs: number,
  timing: KeyTiming,
): readonly Tombstone[] {
  const accepted = new Set(keys.filter(({ standing }) => standing.name === 'active').map((key) => key.thumbprint));
  return [...tombstones.values()].filter(
    ({ thumbprint, removedAtMs }) => !accepted.has(thumbprint) && atMs - removedAtMs < timing.hardTtlMs,
  );
}
