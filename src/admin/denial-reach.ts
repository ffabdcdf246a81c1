import { createHash } from 'node:crypto';
import type { KeyDecision } from '../revocation/key-decision.js';
import { LOST_AFTER_MS, type ReplicaReach, type SeenReplica } from './replica-states.js';

/** All replicas that are remembered. */
export interface FleetView {
  /** This one first. */
  readonly replicas: readonly SeenReplica[];
  /** Whether others could be asked for at all. */
  readonly isKnown: boolean;
  /** How many more are remembered, of which nothing can be read. */
  readonly more: number;
  /** Whether all are shown, and none of them is lost. */
  readonly isComplete: boolean;
}

/** Longest time until every replica that is live, and reads what is shared, refuses a denied key. */
export const DENIAL_BOUND_MS = 7_000;

/** One decision as a word of 22 characters, so that replicas can say which ones are in force: 128 bits. */
export function denialDigest({ issuerId, thumbprint, verdict, atMs }: KeyDecision): string {
  const text = JSON.stringify([issuerId, thumbprint, verdict, atMs]);
  return createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url');
}

/** Whether a replica was heard of so lately that it can be said to follow what is shared. */
export function isLive({ seenAgoMs }: Pick<SeenReplica, 'seenAgoMs'>): boolean {
  return seenAgoMs < LOST_AFTER_MS;
}

/** Why a replica has not confirmed a denial: it may still hear of it, should have, is silent, or has too many to name them. */
export type NotConfirmedReason = 'waiting' | 'late' | 'lost' | 'unknown';

/** A replica that has not confirmed a denial. */
export interface NotConfirmed extends Pick<ReplicaReach, 'replica' | 'region'> {
  readonly state: NotConfirmedReason;
  readonly lastSeenAgoSeconds: number;
}

/** Where a denial is known to hold, and where it is not known. */
export interface DenialReach {
  readonly confirmedBy: readonly string[];
  readonly notConfirmedBy: readonly NotConfirmed[];
  /** Whether every replica that there may be has confirmed it. */
  readonly isComplete: boolean;
}

/** Where a denial holds, by what replicas report. A lost one confirms nothing: it may have started again meanwhile. */
export function reachOf(denial: KeyDecision, { replicas, isKnown, more }: FleetView, nowMs: number): DenialReach {
  const digest = denialDigest(denial);
  const confirms = (each: SeenReplica): boolean => isLive(each) && (each.denials?.has(digest) ?? false);
  const isLate = nowMs - denial.atMs > DENIAL_BOUND_MS;
  const notConfirmedBy = replicas.filter((each) => !confirms(each)).map((each) => notConfirmed(each, isLate));
  return {
    confirmedBy: replicas.filter(confirms).map(({ replica }) => replica),
    notConfirmedBy,
    isComplete: isKnown && more === 0 && notConfirmedBy.length === 0,
  };
}

function notConfirmed(seen: SeenReplica, isLate: boolean): NotConfirmed {
  const { replica, region, denials, seenAgoMs } = seen;
  const state = !isLive(seen) ? 'lost' : !denials ? 'unknown' : isLate ? 'late' : 'waiting';
  return { replica, region, state, lastSeenAgoSeconds: Math.round(seenAgoMs / 100) / 10 };
}
