import type { Caller, Grant } from '../callers/caller.js';
import type { CallerDirectory } from '../callers/registration/caller-directory.js';
import type { Issuer } from '../issuers/issuer.js';
import type { IssuerRegistry } from '../issuers/issuer-registry.js';
import { registrationOf } from '../issuers/subject-scope.js';
import type { KeyFreshness } from '../keys/accepted/key-freshness.js';
import type { KeyManager } from '../keys/key-manager.js';
import type { AdminUses } from './admin-uses.js';
import { grantedClaimsOf } from './granted-claims.js';
import type { Subject } from './shared-uses.js';
import { foreignAudience, partName } from './use-parts.js';
import { MOST_PARTS_OF_KIND } from './use-record.js';
import type { Watchable } from './use-watch.js';

/** What {@link watchableConfiguration} reads. */
export interface WatchableParts {
  readonly issuers: IssuerRegistry;
  readonly keys: KeyManager;
  readonly callers: CallerDirectory;
  readonly admins: Pick<AdminUses, 'ids'>;
}

/** The issuers, callers and admins of the configuration in force, with their keys and rights. */
export function watchableConfiguration(parts: WatchableParts): Watchable {
  return {
    subjects: () => {
      const registrations = new Set(parts.issuers.all().map(registrationOf));
      const issuers = [...registrations].map((id): Subject => ({ kind: 'issuer', id }));
      const admins = parts.admins.ids.map((id): Subject => ({ kind: 'admin', id }));
      const callers = [...parts.callers.all].map(({ caller: { id } }): Subject => ({ kind: 'caller', id }));
      return [...issuers, ...admins, ...callers];
    },
    partsOf: ({ kind, id }, nowMs) => {
      if (kind === 'issuer') return issuerTimes(parts, id, nowMs);
      const caller = kind === 'caller' ? parts.callers.byId(id)?.caller : undefined;
      return new Map(caller ? rightsOf(caller).map((name) => [name, nowMs]) : []);
    },
  };
}

/** The issuers of a registration: one, or each of its tenants that has keys of its own. */
export function issuersOf({ issuers }: Pick<WatchableParts, 'issuers'>, id: string): readonly Issuer[] {
  const only = issuers.byId(id);
  return only ? [only] : issuers.all().filter((issuer) => registrationOf(issuer) === id);
}

/** The key sets of a registration, one for each tenant that has its own; those that were not read yet are not among them. */
export function keySetsOf(parts: Pick<WatchableParts, 'issuers' | 'keys'>, id: string): readonly KeyFreshness[] {
  const known = issuersOf(parts, id).flatMap((issuer) => parts.keys.freshnessOf(issuer) ?? []);
  return known.filter(({ state }) => state !== 'COLD');
}

/** Its keys and the algorithms that it may use; `undefined` where no key was read yet. */
function issuerTimes(parts: WatchableParts, id: string, nowMs: number): ReadonlyMap<string, number> | undefined {
  const sets = keySetsOf(parts, id);
  if (sets.length === 0) return undefined;
  const keys = sets.flatMap((each) => each.keys).slice(0, MOST_PARTS_OF_KIND);
  const algorithms = new Set(issuersOf(parts, id).flatMap((each) => [...each.algorithms]));
  return new Map([
    ...keys.map(({ thumbprint, firstSeenAtMs }) => [thumbprint, firstSeenAtMs] as const),
    ...[...algorithms].map((alg) => [partName('algorithm', alg), nowMs] as const),
  ]);
}

/** Whoever was granted any issuer, audience or claim was granted none that could be unused. */
function rightsOf(caller: Caller): readonly string[] {
  return [
    ...namesIn(caller.issuers),
    ...namesIn(caller.audiences).map((each) => partName('audience', each)),
    ...grantedClaimsOf(caller)
      .slice(0, MOST_PARTS_OF_KIND)
      .map(({ name }) => partName('claim', name)),
    foreignAudience,
  ];
}

function namesIn(grant: Grant): readonly string[] {
  return grant === 'any' ? [] : [...grant].slice(0, MOST_PARTS_OF_KIND);
}
