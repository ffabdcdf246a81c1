import type { KeyDecision } from './key-decision.js';

/** Keeps what operators have decided about keys, for all replicas. */
export abstract class DeniedKeys {
  /** Every decision that has not ended, allowances included. */
  abstract list(): Promise<readonly KeyDecision[]>;

  /**
   * Keeps a decision, unless one is kept that holds in its place. One atomic step.
   * @returns whether it is kept now
   */
  abstract record(decision: KeyDecision): Promise<boolean>;
}
