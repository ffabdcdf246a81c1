import type { Issuer } from '../issuers/issuer.js';
import type { KeyFreshness, KeyView } from '../keys/accepted/key-freshness.js';
import type { DenyList } from '../revocation/deny-list.js';
import type { KeyDecision } from '../revocation/key-decision.js';
import { maskText } from '../telemetry/mask.js';
import type { UpstreamState } from '../upstream/upstream-history.js';
import { upstreamView } from './upstream-view.js';
import { aged, issuerStateOf, type IssuerState } from './issuer-state.js';
import { type FleetView, isLive, type ShownReplica } from './decision-reach.js';
import { reachOf } from './denial-reach.js';
import { iso, seconds } from './time-view.js';

type Json = Readonly<Record<string, unknown>>;

/** What a view is made of. */
export interface IssuerViewParts {
  readonly issuer: Issuer;
  readonly freshness: KeyFreshness;
  readonly denials: DenyList;
  readonly fleet: FleetView;
  /** Absent where it has no opaque tokens. */
  readonly upstream?: UpstreamState | undefined;
  /** Wall time. */
  readonly nowMs: number;
}

/** An issuer as operators see it. Times are ISO 8601, ages in seconds. No secret is among what is known of an issuer here. */
export function issuerView({ issuer, freshness, denials, fleet, upstream, nowMs }: IssuerViewParts): Json {
  const { id, preset, criticality, deniedKeys, freshness: limits } = issuer;
  const { attemptedAtMs, succeededAtMs, waiting, keys } = freshness;
  const denied = denials.denialsOf(id).map((denial) => ({
    thumbprint: denial.thumbprint,
    ...denialView(denial),
    ...reachOf(denial, fleet, nowMs),
  }));
  return {
    id,
    ...(preset === undefined ? {} : { preset }),
    issuer: issuer.issuer,
    criticality,
    limits: { refreshSeconds: seconds(limits.refreshMs), hardTtlSeconds: seconds(limits.hardTtlMs) },
    ...issuerStateView(issuerStateOf(freshness), nowMs),
    ...(attemptedAtMs === undefined ? {} : { lastAttempt: iso(attemptedAtMs) }),
    ...(succeededAtMs === undefined ? {} : { lastSuccess: iso(succeededAtMs) }),
    waiting,
    keys: keys.map((key) => keyView(key, issuer, denials)),
    ...accountView(freshness),
    ...doubtsView(issuer),
    ...(upstream && { opaque: upstreamView(upstream) }),
    deniedKeys: [...[...deniedKeys].map((thumbprint) => ({ thumbprint, ...byConfiguration })), ...denied],
    replicas: fleet.replicas.map((replica) => replicaView(replica, id, nowMs)),
  };
}

/** Claims whose names look like paths, and that no token had. */
function doubtsView({ doubts = [] }: Issuer): Json {
  const founded = doubts.filter(({ isFounded }) => isFounded);
  if (founded.length === 0) return {};
  return { doubtfulClaims: founded.map(({ claim, remedy }) => ({ claim, remedy: maskText(remedy) })) };
}

/** What of the published set is not used, or is odd; of the set that this replica got itself. */
export function accountView({ dropped, doubted }: Pick<KeyFreshness, 'dropped' | 'doubted'>): Json {
  return { ...(dropped && { dropped }), ...(doubted && doubted.length > 0 && { doubted }) };
}

/** A denial as operators see it. */
export function denialView({ reason, by, atMs, untilMs }: KeyDecision): Json {
  return { by, reason, at: iso(atMs), ...(untilMs === undefined ? {} : { until: iso(untilMs) }) };
}

const byConfiguration = { by: 'configuration' } as const;

function keyView(key: KeyView, { id, deniedKeys }: Issuer, denials: DenyList): Json {
  const { thumbprint, kids, issuers, state, firstSeenAtMs, lastSeenAtMs } = key;
  const denial = denials.denialOf(id, thumbprint);
  return {
    thumbprint,
    kids,
    ...(issuers && { issuers }),
    standing: state,
    firstSeen: iso(firstSeenAtMs),
    lastSeen: iso(lastSeenAtMs),
    isDenied: denial !== undefined || deniedKeys.has(thumbprint),
    ...(denial ? { denial: denialView(denial) } : deniedKeys.has(thumbprint) ? { denial: byConfiguration } : {}),
  };
}

/**
 * A replica that says nothing of this issuer has another configuration, or is starting. Of one whose report cannot be read now
 * it is only known when it was last seen.
 */
function replicaView(replica: ShownReplica, issuerId: string, nowMs: number): Json {
  const { region, seenAgoMs, issuers } = replica;
  const state = issuers.get(issuerId);
  const seen = {
    replica: replica.replica,
    ...(region === '' ? {} : { region }),
    seen: iso(nowMs - seenAgoMs),
    ...(replica.isKnown ? (isLive(replica) ? {} : { isLost: true }) : { isKnown: false }),
  };
  return state && replica.isKnown
    ? { ...seen, ...issuerStateView(aged(state, seenAgoMs), nowMs) }
    : { ...seen, state: 'UNKNOWN' };
}

/** The state of an issuer's keys as operators see it, in short. */
export function issuerStateView(
  { state, ageMs, digest, fence, lastFailure, nextLookInMs, earlierProofsAgoS }: IssuerState,
  nowMs: number,
): Json {
  return {
    state,
    ...(ageMs === undefined ? {} : { ageSeconds: seconds(ageMs) }),
    digest,
    ...(fence === undefined ? {} : { fence }),
    ...(lastFailure && { lastError: errorView(lastFailure) }),
    ...(nextLookInMs === undefined ? {} : { nextRefresh: iso(nowMs + nextLookInMs) }),
    ...(earlierProofsAgoS && { earlierProofsAgoSeconds: earlierProofsAgoS.map((each) => Math.round(each)) }),
  };
}

/** Why a fetch failed, and where: host and stage are absent where nobody was asked. */
function errorView({ category, atMs, host, stage, named }: NonNullable<IssuerState['lastFailure']>): Json {
  return {
    category,
    at: iso(atMs),
    ...(host === undefined ? {} : { host, stage }),
    ...(named !== undefined && { named }),
  };
}
