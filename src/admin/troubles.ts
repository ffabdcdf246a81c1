import type { KeyFreshness } from '../keys/accepted/key-freshness.js';
import type { KeyDecision } from '../revocation/key-decision.js';
import { type FleetView, isKnownLive, isLive, type ShownReplica } from './decision-reach.js';
import { reachOf } from './denial-reach.js';

/** The kinds of trouble, the worst first. A fixed set. */
export const troubleKinds = [
  'store_away',
  'replica_lost',
  'replica_behind',
  'denial_unconfirmed',
  'keys_expired',
  'keys_missing',
  'configuration_differs',
  'keys_differ',
  'keys_stale',
  'version_differs',
] as const;

/** See {@link troubleKinds}. */
export type TroubleKind = (typeof troubleKinds)[number];

/** Something that an operator should look at. */
export interface Trouble {
  readonly kind: TroubleKind;
  /** The replicas that it is about. */
  readonly replicas: readonly string[];
  readonly issuer?: string;
  readonly thumbprint?: string;
  /** Wall time, milliseconds since the epoch, since when it is so; absent where that is not known. */
  readonly sinceMs?: number;
}

/** What troubles are found in. */
export interface Findings {
  readonly fleet: FleetView;
  /** Of this replica: the issuers that it has. */
  readonly issuers: readonly { readonly id: string; readonly hardTtlMs: number }[];
  /** Those that are in force. */
  readonly denials: readonly KeyDecision[];
  /** Wall time. */
  readonly nowMs: number;
}

/** Everything in which replicas do not agree, or do not do what they should; the worst first. */
export function troublesIn(findings: Findings): readonly Trouble[] {
  const found = [
    ...ofReplicas(findings),
    ...ofDenials(findings),
    ...findings.issuers.flatMap((each) => [...ofIssuer(each, findings)]),
  ];
  return found.sort((one, other) => troubleKinds.indexOf(one.kind) - troubleKinds.indexOf(other.kind));
}

function* ofReplicas({ fleet, nowMs }: Findings): Iterable<Trouble> {
  const { replicas, isKnown } = fleet;
  if (!isKnown) {
    const unknown = replicas.filter((each) => !each.isKnown);
    const since = unknown.length > 0 ? { sinceMs: nowMs - Math.min(...unknown.map(({ seenAgoMs }) => seenAgoMs)) } : {};
    yield { kind: 'store_away', replicas: unknown.map(nameOf), ...since };
  }
  for (const each of replicas) {
    if (each.isKnown && !isLive(each))
      yield { kind: 'replica_lost', replicas: [each.replica], sinceMs: nowMs - each.seenAgoMs };
  }
  const behind = replicas.filter((each) => isKnownLive(each) && each.isBehind === true).map(nameOf);
  if (behind.length > 0) yield { kind: 'replica_behind', replicas: behind };
  const reporting = replicas.filter((each) => isKnownLive(each) && each.account !== undefined);
  const newest = Math.max(...reporting.map(({ account }) => account?.configuredAtMs ?? 0));
  const configurations = minority(reporting, ({ account }) => account?.configuration ?? '');
  if (configurations.length > 0) yield { kind: 'configuration_differs', replicas: configurations, sinceMs: newest };
  const versions = minority(reporting, ({ account }) => account?.version ?? '');
  if (versions.length > 0) yield { kind: 'version_differs', replicas: versions };
}

function ofDenials({ fleet, denials, nowMs }: Findings): readonly Trouble[] {
  return denials.flatMap((denial): Trouble[] => {
    const late = reachOf(denial, fleet, nowMs).notConfirmedBy.filter(({ state }) => state === 'late');
    const { issuerId, thumbprint, atMs } = denial;
    if (late.length === 0) return [];
    return [{ kind: 'denial_unconfirmed', replicas: late.map(nameOf), issuer: issuerId, thumbprint, sinceMs: atMs }];
  });
}

const stateTroubles: ReadonlyMap<KeyFreshness['state'], TroubleKind> = new Map([
  ['EXPIRED', 'keys_expired'],
  ['COLD', 'keys_missing'],
  ['STALE', 'keys_stale'],
]);

function* ofIssuer({ id, hardTtlMs }: Findings['issuers'][number], { fleet, nowMs }: Findings): Iterable<Trouble> {
  const reporting = fleet.replicas.filter((each) => isKnownLive(each) && each.issuers.has(id));
  for (const [state, kind] of stateTroubles) {
    const such = reporting.filter((each) => each.issuers.get(id)?.state === state);
    if (such.length === 0) continue;
    // The time since the last proof is that since which fetches cannot have succeeded.
    const ages = such.flatMap((each) => each.issuers.get(id)?.ageMs ?? []);
    const proofMs = nowMs - Math.max(...ages);
    const since = ages.length > 0 ? { sinceMs: state === 'EXPIRED' ? proofMs + hardTtlMs : proofMs } : {};
    yield { kind, issuer: id, replicas: such.map(nameOf), ...since };
  }
  const withKeys = reporting.filter((each) => each.issuers.get(id)?.state !== 'COLD');
  const differing = minority(withKeys, (each) => each.issuers.get(id)?.digest ?? '');
  if (differing.length > 0) {
    const youngest = Math.min(...withKeys.map((each) => each.issuers.get(id)?.ageMs ?? Infinity));
    yield {
      kind: 'keys_differ',
      issuer: id,
      replicas: differing,
      ...(Number.isFinite(youngest) && { sinceMs: nowMs - youngest }),
    };
  }
}

function nameOf({ replica }: { readonly replica: string }): string {
  return replica;
}

/** Those that say something else than most do; where as many say one thing as another, all but those that agree with the first. */
function minority(replicas: readonly ShownReplica[], saying: (replica: ShownReplica) => string): readonly string[] {
  const counts = new Map<string, number>();
  for (const each of replicas) counts.set(saying(each), (counts.get(saying(each)) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const [common] = [...counts].find(([, count]) => count === most) ?? [];
  return replicas.filter((each) => saying(each) !== common).map(nameOf);
}
