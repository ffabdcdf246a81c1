/** Gathers what findings are found in: what is watched, beside what the configuration and the key sets say now. */
import type { CallerDirectory, PreparedCaller } from '../callers/registration/caller-directory.js';
import type { IssuerRegistry } from '../issuers/issuer-registry.js';
import type { KeyManager } from '../keys/key-manager.js';
import type { DenyList } from '../revocation/deny-list.js';
import type { AdminUses } from './admin-uses.js';
import type { CallerFacts, EndlessDenial, HygieneFacts, IssuerFacts } from './findings.js';
import { grantedClaimsOf } from './granted-claims.js';
import type { HygieneSection } from './hygiene.section.js';
import { sharedSecrets } from './shared-secrets.js';
import type { Subject } from './shared-uses.js';
import type { UseWatch } from './use-watch.js';
import { issuersOf, keySetsOf } from './watchable-configuration.js';

/** What {@link hygieneFacts} reads. */
export interface HygieneFactsParts {
  readonly watch: UseWatch;
  readonly issuers: IssuerRegistry;
  readonly keys: KeyManager;
  readonly callers: CallerDirectory;
  readonly admins: Pick<AdminUses, 'ids' | 'issuers'>;
  readonly denials: Pick<DenyList, 'denialsOf'>;
}

/** Everything that is known now. */
export function hygieneFacts(parts: HygieneFactsParts, terms: HygieneSection, nowMs: number): HygieneFacts {
  const { watch, callers, admins } = parts;
  const subjects = watch.subjects();
  const of = (wanted: Subject['kind']) => subjects.filter(({ kind }) => kind === wanted);
  const vouching = new Set([...callers.all].map(({ methods }) => methods.bearer?.issuer));
  for (const id of admins.issuers) vouching.add(id);
  const shared = sharedSecrets(callers.all, nowMs);
  return {
    terms,
    nowMs,
    issuers: of('issuer').map((each) => issuerFacts(each, parts, vouching.has(each.id))),
    callers: of('caller').flatMap((each) => {
      const prepared = callers.byId(each.id);
      return prepared ? [callerFacts(each, parts, prepared, shared.get(each.id) ?? [])] : [];
    }),
    admins: of('admin').map((each) => ({ id: each.id, record: watch.recordOf(each) })),
  };
}

function issuerFacts(subject: Subject, parts: HygieneFactsParts, vouchesForCallers: boolean): IssuerFacts {
  const { id } = subject;
  const sets = keySetsOf(parts, id).map(({ keys }) => keys.filter(({ state }) => state === 'active'));
  const issuers = issuersOf(parts, id);
  return {
    id,
    record: parts.watch.recordOf(subject),
    published: sets.flat().map(({ thumbprint, strength }) => ({ thumbprint, ...(strength && { strength }) })),
    largestSet: Math.max(0, ...sets.map((keys) => keys.length)),
    algorithms: [...new Set(issuers.flatMap((each) => [...each.algorithms]))],
    maxLifetimeSeconds: Math.max(0, ...issuers.map(({ revocation }) => revocation.maxLifetimeSeconds)),
    endlessDenials: issuers.flatMap((each): readonly EndlessDenial[] => [
      ...[...each.deniedKeys].map((thumbprint) => ({ thumbprint })),
      ...parts.denials
        .denialsOf(each.id)
        .filter(({ untilMs }) => untilMs === undefined)
        .map(({ thumbprint, atMs }) => ({ thumbprint, atMs })),
    ]),
    vouchesForCallers,
  };
}

function callerFacts(
  subject: Subject,
  { watch }: HygieneFactsParts,
  { caller, methods }: PreparedCaller,
  sharesSecretWith: readonly string[],
): CallerFacts {
  return {
    id: subject.id,
    record: watch.recordOf(subject),
    secretEnds: methods.secret?.ends ?? [],
    sharesSecretWith,
    audiences: caller.audiences === 'any' ? [] : [...caller.audiences],
    claims: grantedClaimsOf(caller).map(({ name }) => name),
  };
}
