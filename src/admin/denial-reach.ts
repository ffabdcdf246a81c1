/** Says at which replicas a denied key is known to be refused by now. */
import { createHash } from 'node:crypto';
import type { KeyDecision } from '../revocation/key-decision.js';
import { type Confirmation, type FleetView, isLive, isOverdue, type Reach, reachBy } from './decision-reach.js';

/** One decision as a word of 22 characters, so that replicas can say which ones are in force: 128 bits. */
export function denialDigest({ issuerId, thumbprint, verdict, atMs }: KeyDecision): string {
  const text = JSON.stringify([issuerId, thumbprint, verdict, atMs]);
  return createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url');
}

/** Where a denial holds, by what replicas report. */
export function reachOf(denial: KeyDecision, view: FleetView, nowMs: number): Reach {
  const digest = denialDigest(denial);
  const confirmation: Confirmation = {
    isConfirmedBy: ({ denials }) => denials?.has(digest) ?? false,
    isSaidBy: ({ denials }) => denials !== undefined,
    isLate: isOverdue(denial, nowMs),
  };
  return reachBy(confirmation, view);
}

/** The reach of a denial in figures, for the audit trail. */
export interface ReachCounts {
  /** Replicas that report the denial as in force, this one included. */
  readonly confirmed?: number;
  /** Replicas that are remembered, this one included. */
  readonly replicas?: number;
  /** Those of them that are lost; absent where their reports cannot be read now. */
  readonly lost?: number;
}

/** Counts what is known of the reach of a denial, and nothing else. */
export function reachCounts(denial: KeyDecision, view: FleetView, nowMs: number): ReachCounts {
  const { confirmedBy, notConfirmedBy } = reachOf(denial, view, nowMs);
  const confirmed = confirmedBy.length;
  if (!view.isNamed) return { confirmed };
  const replicas = confirmed + notConfirmedBy.length + view.more;
  return { confirmed, replicas, ...(view.isKnown && { lost: view.replicas.filter((each) => !isLive(each)).length }) };
}
