import type { KeyDecision } from '../../src/revocation/key-decision.js';
import { readDecision } from '../../src/revocation/written-decision.js';
import type { Replica } from './replica.js';
import type { SharedStore } from './shared-store.js';

/**
 * What checkers do with decisions about keys. They compare them by rules of their own: a mutant of the program may not judge
 * itself.
 */
export type Decisions = ReadonlyMap<string, KeyDecision>;

/** A replica that was started anew is another one. */
export function lifeOf({ id, bornMs }: Pick<Replica, 'id' | 'bornMs'>): string {
  return `${id} ${bornMs}`;
}

export function text({ thumbprint, verdict, atMs }: KeyDecision): string {
  return `${thumbprint} ${verdict} at ${atMs}`;
}

/** Whether `mine` is `other`, or holds in its place. */
export function holdsAgainst(mine: KeyDecision | undefined, other: KeyDecision): boolean {
  if (!mine) return false;
  return (
    mine.atMs > other.atMs || (mine.atMs === other.atMs && (mine.verdict === 'denied' || other.verdict === 'allowed'))
  );
}

export function byKey(decisions: readonly KeyDecision[]): Decisions {
  const found = new Map<string, KeyDecision>();
  for (const each of decisions) {
    const there = found.get(each.thumbprint);
    if (!there || holdsAgainst(each, there)) found.set(each.thumbprint, each);
  }
  return found;
}

export function latestOf(all: readonly Decisions[]): Decisions {
  return byKey(all.flatMap((known) => [...known.values()]));
}

export function decisionsIn({ changes }: SharedStore): readonly KeyDecision[] {
  const sealed = [...(changes.snapshot().lists.get('denials')?.keys() ?? [])];
  return sealed.flatMap((entry) => decisionOf(entry) ?? []);
}

/** What an entry of the log says, whoever has sealed it. */
export function decisionOf(sealed: string): KeyDecision | undefined {
  return readDecision(sealed.split(' ').slice(2).join(' '));
}

/** One kind of decisions, as checkers look at it. */
export interface DecisionView<Decision> {
  readonly of: (replica: Replica) => ReadonlyMap<string, Decision>;
  readonly keyOf: (decision: Decision) => string;
  readonly holds: (mine: Decision | undefined, other: Decision) => boolean;
  readonly text: (decision: Decision) => string;
  /** Whether it may have ended, by some clock. */
  readonly isOver: (decision: Decision, nowMs: number) => boolean;
  readonly stored: (store: SharedStore) => readonly Decision[];
  /** Whether the replica says that it has read all there is. */
  readonly isKnown: (replica: Replica) => boolean;
}

/** Decisions about keys, which do not end in a simulation. */
export const denialView: DecisionView<KeyDecision> = {
  of: (replica) => byKey(replica.decisions()),
  keyOf: ({ thumbprint }) => thumbprint,
  holds: holdsAgainst,
  text,
  isOver: () => false,
  stored: decisionsIn,
  isKnown: ({ denials }) => denials.isKnown,
};
