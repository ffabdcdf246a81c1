import { isOver, subjectOf, supersedes, type KeyDecision, type KeyName } from './key-decision.js';

/**
 * Denials made here that the shared store does not have yet. Nobody elsewhere can have meant one of them when allowing its key,
 * so an allowance never takes it back, even where the clock that timed the allowance is ahead.
 */
export class UnsharedDenials {
  private readonly denials = new Map<string, KeyDecision>();

  /** Keeps a denial, in the place of an earlier one of the same key. */
  keep(denial: KeyDecision): void {
    this.denials.set(subjectOf(denial), denial);
  }

  /** The denial of this key that is not shared yet. */
  of(key: KeyName): KeyDecision | undefined {
    return this.denials.get(subjectOf(key));
  }

  /** The denial of this key is shared, or was taken back here. */
  forget(key: KeyName): void {
    this.denials.delete(subjectOf(key));
  }

  /** Forgets what has ended, and what is among decisions that were read from the store. */
  settle(stored: readonly KeyDecision[], nowMs: number): void {
    for (const each of this.denials.values()) if (isOver(each, nowMs)) this.forget(each);
    for (const each of stored) if (isSame(each, this.of(each))) this.forget(each);
  }

  /**
   * Gives a later time to each denial that would lose to a decision which was read. One that loses to a denial which ends no
   * earlier is forgotten instead: its key is denied for all.
   * @returns those that have another time now
   */
  raiseAbove(found: readonly KeyDecision[]): readonly KeyDecision[] {
    return found.flatMap((each) => {
      const mine = this.of(each);
      if (!mine || !supersedes(each, mine)) return [];
      this.forget(mine);
      if (isAsStrict(each, mine)) return [];
      const raised = { ...mine, atMs: each.atMs + 1 };
      this.keep(raised);
      return [raised];
    });
  }
}

function isSame(one: KeyDecision, other: KeyDecision | undefined): boolean {
  return one.verdict === other?.verdict && one.atMs === other.atMs;
}

function isAsStrict(one: KeyDecision, than: KeyDecision): boolean {
  return one.verdict === 'denied' && (one.untilMs ?? Infinity) >= (than.untilMs ?? Infinity);
}
