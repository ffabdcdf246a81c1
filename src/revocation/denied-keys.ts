import { isOver, subjectOf, supersedes, type KeyDecision } from './key-decision.js';
import type { Clock } from '../shared/clock.js';

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

/** Decisions of one process; they end with it. What must outlive it belongs into the configuration. */
export class MemoryDeniedKeys extends DeniedKeys {
  private readonly decisions = new Map<string, KeyDecision>();

  constructor(private readonly clock: Clock) {
    super();
  }

  override list(): Promise<readonly KeyDecision[]> {
    const nowMs = this.clock.wallMs();
    for (const [subject, decision] of this.decisions) if (isOver(decision, nowMs)) this.decisions.delete(subject);
    return Promise.resolve([...this.decisions.values()]);
  }

  override record(decision: KeyDecision): Promise<boolean> {
    const subject = subjectOf(decision);
    const isKept = supersedes(decision, this.decisions.get(subject));
    if (isKept) this.decisions.set(subject, decision);
    return Promise.resolve(isKept);
  }
}
