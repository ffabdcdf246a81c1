import { isOver, subjectOf, supersedes, type KeyDecision, type KeyName } from './key-decision.js';
import type { Clock } from '../shared/clock.js';

/** Keeps what operators have decided about keys, for all replicas. */
export abstract class DeniedKeys {
  /** Every decision that has not ended, allowances included, as the store was last read. */
  abstract list(): readonly KeyDecision[];

  /** Whether the store was ever read as a whole: before that, a denial may be missing from {@link list}. */
  abstract get isRead(): boolean;

  /** Reads the store now. @throws what the store throws */
  abstract read(): Promise<void>;

  /**
   * Reads what was decided about one key until now, where decisions are written: a read replica may be behind, and so may a
   * reading that is under way.
   * @throws what the store throws
   */
  abstract readLatest(key: KeyName): Promise<void>;

  /** Calls `listener` whenever the store was read as a whole, or something new was found. */
  abstract onRead(listener: () => void): void;

  /**
   * Keeps a decision, unless one is known that holds in its place.
   * @returns whether it is kept now
   * @throws what the store throws
   */
  abstract record(decision: KeyDecision): Promise<boolean>;
}

/** Decisions of one process; they end with it. What must outlive it belongs into the configuration. */
export class MemoryDeniedKeys extends DeniedKeys {
  override readonly isRead = true;
  private readonly decisions = new Map<string, KeyDecision>();

  /** @param onDecision is told of each decision that is kept */
  constructor(
    private readonly clock: Clock,
    private readonly onDecision?: (decision: KeyDecision) => void,
  ) {
    super();
  }

  override list(): readonly KeyDecision[] {
    const nowMs = this.clock.wallMs();
    for (const [subject, decision] of this.decisions) if (isOver(decision, nowMs)) this.decisions.delete(subject);
    return [...this.decisions.values()];
  }

  override read(): Promise<void> {
    return Promise.resolve();
  }

  override readLatest(): Promise<void> {
    return Promise.resolve();
  }

  override onRead(): void {
    // There is nobody else to hear from.
  }

  override record(decision: KeyDecision): Promise<boolean> {
    const subject = subjectOf(decision);
    const isKept = supersedes(decision, this.decisions.get(subject));
    if (isKept) {
      this.decisions.set(subject, decision);
      this.onDecision?.(decision);
    }
    return Promise.resolve(isKept);
  }
}
