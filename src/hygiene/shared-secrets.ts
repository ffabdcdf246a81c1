import type { PreparedCaller } from '../callers/registration/caller-directory.js';

/** Who has a secret that others have as well, with the ids of those; compared by digests that mean nothing outside of this process. */
export function sharedSecrets(
  callers: Iterable<PreparedCaller>,
  nowMs: number,
): ReadonlyMap<string, readonly string[]> {
  const holders = new Map<string, Set<string>>();
  for (const { caller, methods } of callers) {
    for (const digest of methods.secret?.digestsAt(nowMs) ?? []) {
      const known = holders.get(digest);
      if (known) known.add(caller.id);
      else holders.set(digest, new Set([caller.id]));
    }
  }
  const shared = new Map<string, Set<string>>();
  for (const ids of holders.values()) {
    for (const id of ids) {
      const others = [...ids].filter((each) => each !== id);
      if (others.length > 0) shared.set(id, new Set([...(shared.get(id) ?? []), ...others]));
    }
  }
  return new Map([...shared].map(([id, others]) => [id, [...others]]));
}
