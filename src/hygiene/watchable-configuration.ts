import type { CallerDirectory } from '../callers/registration/caller-directory.js';
import type { IssuerRegistry } from '../issuers/issuer-registry.js';
import { registrationOf } from '../issuers/subject-scope.js';
import type { KeyManager } from '../keys/key-manager.js';
import type { KeyView } from '../keys/accepted/key-freshness.js';
import type { Subject } from './shared-uses.js';
import type { Watchable } from './use-watch.js';

/** What {@link watchableConfiguration} reads. */
export interface WatchableParts {
  readonly issuers: IssuerRegistry;
  readonly keys: KeyManager;
  readonly callers: CallerDirectory;
}

/** The issuers and callers of the configuration in force, with their keys and rights. */
export function watchableConfiguration(parts: WatchableParts): Watchable {
  return {
    subjects: () => {
      const registrations = new Set(parts.issuers.all().map(registrationOf));
      const issuers = [...registrations].map((id): Subject => ({ kind: 'issuer', id }));
      return [...issuers, ...[...parts.callers.all].map(({ caller: { id } }): Subject => ({ kind: 'caller', id }))];
    },
    partsOf: ({ kind, id }, nowMs) => (kind === 'issuer' ? keyTimes(parts, id) : grantTimes(parts, id, nowMs)),
  };
}

/** The published keys of a registration, those of all its tenants together; `undefined` where none was read yet. */
export function keysOf({ issuers, keys }: Omit<WatchableParts, 'callers'>, id: string): readonly KeyView[] | undefined {
  const only = issuers.byId(id);
  const all = only ? [only] : issuers.all().filter((issuer) => registrationOf(issuer) === id);
  const known = all.flatMap((issuer) => keys.freshnessOf(issuer) ?? []).filter(({ state }) => state !== 'COLD');
  return known.length === 0 ? undefined : known.flatMap((each) => each.keys);
}

function keyTimes(parts: WatchableParts, id: string): ReadonlyMap<string, number> | undefined {
  const published = keysOf(parts, id);
  return published && new Map(published.map(({ thumbprint, firstSeenAtMs }) => [thumbprint, firstSeenAtMs]));
}

/** Whoever was granted any issuer was granted none that could be unused. */
function grantTimes({ callers }: WatchableParts, id: string, nowMs: number): ReadonlyMap<string, number> {
  const granted = callers.byId(id)?.caller.issuers;
  return new Map(granted === undefined || granted === 'any' ? [] : [...granted].map((issuer) => [issuer, nowMs]));
}
