import type { ReplicaState, SeenReplica } from './replica-state.js';

/** How often a replica tells how it stands. */
export const REPORT_EVERY_MS = 5_000;

/** Who was silent for three times as long is gone. */
export const GONE_AFTER_MS = 15_000;

/** What replicas tell each other, for operators to look at. Nothing is decided by it. */
export abstract class ReplicaStates {
  /** Tells how this replica stands; replaces what it told before. */
  abstract report(state: ReplicaState): Promise<void>;

  /** This replica goes away. */
  abstract leave(replica: string): Promise<void>;

  /** The latest that every living replica told. */
  abstract all(): Promise<readonly SeenReplica[]>;
}
