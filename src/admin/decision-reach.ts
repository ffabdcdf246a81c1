/** Says at which replicas a decision is known to hold by now, so that nobody is promised more than what is known. */
import { LOST_AFTER_MS, type ReplicaReach, type SeenReplica } from './replica-states.js';
import { seconds } from './time-view.js';

/** A replica as it is shown to operators. */
export interface ShownReplica extends SeenReplica {
  /** Whether what it reports can be read now; `false`: this is what was last read of it. */
  readonly isKnown: boolean;
}

/** All replicas that are remembered. */
export interface FleetView {
  /** This one first. */
  readonly replicas: readonly ShownReplica[];
  /** Whether the others could be asked for now. */
  readonly isKnown: boolean;
  /** Whether the others were ever asked for with success: before that nobody can be named. */
  readonly isNamed: boolean;
  /** How many more are remembered, of which nothing can be read. */
  readonly more: number;
  /** Whether all are shown, and none of them is lost. */
  readonly isComplete: boolean;
}

/** Longest time until a decision holds at every replica that is live and reads what is shared. */
export const DECISION_BOUND_MS = 7_000;

/**
 * Whether every live replica should have confirmed a decision by now. The time of one may be that of a clock that is ahead: then it
 * is not known how long ago it was made, and nobody may be said to have time left.
 */
export function isOverdue({ atMs }: { readonly atMs: number }, nowMs: number): boolean {
  return Math.abs(nowMs - atMs) >= DECISION_BOUND_MS;
}

/** Whether a replica was heard of so lately that it can be said to follow what is shared. */
export function isLive({ seenAgoMs }: Pick<SeenReplica, 'seenAgoMs'>): boolean {
  return seenAgoMs < LOST_AFTER_MS;
}

/** Whether it is known what a replica does now: its report can be read, and is new. */
export function isKnownLive(replica: ShownReplica): boolean {
  return replica.isKnown && isLive(replica);
}

/** Whether every replica that there may be follows what is shared, so that a time can be promised for what is decided now. */
export function isTimePromised({ isComplete, replicas }: Pick<FleetView, 'isComplete' | 'replicas'>): boolean {
  return isComplete && replicas.every(({ isBehind = false }) => !isBehind);
}

/**
 * Why a replica has not confirmed a decision: it may still read it, should have, is silent, or it is not known, because it has
 * too many to name them, cannot read all of them, or because its report cannot be read now.
 */
export type NotConfirmedReason = 'waiting' | 'late' | 'lost' | 'unknown';

/** A replica that has not confirmed a decision. */
export interface NotConfirmed extends Pick<ReplicaReach, 'replica' | 'region'> {
  readonly state: NotConfirmedReason;
  readonly lastSeenAgoSeconds: number;
}

/** Where a decision is known to hold, and where it is not known. */
export interface Reach {
  readonly confirmedBy: readonly string[];
  readonly notConfirmedBy: readonly NotConfirmed[];
  /** Whether every replica that there may be has confirmed it. */
  readonly isComplete: boolean;
}

/** What reports of replicas say of one decision. */
export interface Confirmation {
  readonly isConfirmedBy: (replica: ShownReplica) => boolean;
  /** Whether a replica would say so, if it held there. */
  readonly isSaidBy: (replica: ShownReplica) => boolean;
  /** Whether every live replica should have confirmed it by now. */
  readonly isLate: boolean;
}

/**
 * Where a decision holds, by what replicas report. A lost one confirms nothing, nor does one whose report cannot be read now: it
 * may have started again meanwhile.
 */
export function reachBy(by: Confirmation, { replicas, isKnown, more }: FleetView): Reach {
  const confirms = (each: ShownReplica): boolean => isKnownLive(each) && by.isConfirmedBy(each);
  const notConfirmedBy = replicas.filter((each) => !confirms(each)).map((each) => notConfirmed(each, by));
  return {
    confirmedBy: replicas.filter(confirms).map(({ replica }) => replica),
    notConfirmedBy,
    isComplete: isKnown && more === 0 && notConfirmedBy.length === 0,
  };
}

function notConfirmed(shown: ShownReplica, by: Confirmation): NotConfirmed {
  const { replica, region, seenAgoMs } = shown;
  return {
    replica,
    region,
    state: whyNotConfirmed(shown, by),
    lastSeenAgoSeconds: seconds(seenAgoMs),
  };
}

function whyNotConfirmed(shown: ShownReplica, { isSaidBy, isLate }: Confirmation): NotConfirmedReason {
  if (!shown.isKnown) return 'unknown';
  if (!isLive(shown)) return 'lost';
  if (!isSaidBy(shown)) return 'unknown';
  return isLate ? 'late' : 'waiting';
}
