import { defaultFreshness } from '../../../src/issuers/freshness.config.js';
import type { KeyRecord } from '../../../src/keys/record/key-record.js';
import type { Observation, PublishedSet } from '../../../src/keys/source/key-source.js';
import { timingOf } from '../../../src/keys/key-timing.js';
import { mergeKeySets } from '../../../src/keys/record/merge-key-sets.js';

export const confirm = timingOf(defaultFreshness);
export const immediate = timingOf({ ...defaultFreshness, removal: 'immediate' });

export function published(...names: string[]): PublishedSet {
  const keys = names.map((name) => ({ thumbprint: name, jwk: { kty: 'EC', kid: `kid-${name}` } }));
  return { kind: 'published', keys, dropped: new Map() };
}

export const unchanged: Observation = { kind: 'unchanged' };

/** Merges fetches at these seconds, one after the other. */
export function after(
  observations: readonly (readonly [number, Observation])[],
  timing = confirm,
  base?: KeyRecord,
): KeyRecord {
  return observations.reduce<KeyRecord | undefined>((record, [atS, observation], i) => {
    return { ...mergeKeySets(record, { observation, atMs: atS * 1_000 }, timing), fence: (record?.fence ?? 0) + i + 1 };
  }, base)!;
}

export function keyStates(record: KeyRecord): Record<string, string> {
  return Object.fromEntries(record.keys.map(({ thumbprint, state }) => [thumbprint, state.name]));
}
