import { createHash } from 'node:crypto';
import type { Revocation } from '../../src/revocation/tokens/revocation.js';
import { readRevocation } from '../../src/revocation/tokens/written-revocation.js';
import { DecisionsArrive, NothingIsResurrected, ReadersKnowTheLog } from './decision-invariants.js';
import type { DecisionView } from './decisions.js';
import type { Plan } from './plan.js';
import type { RememberedToken, RevokingReplica } from './revoking-replica.js';
import { WALL_ERROR_MS } from './trouble.js';
import { EPOCH_MS } from './virtual-time.js';
import type { Checker, World } from './world.js';

// What is compared here is compared by rules of its own: a mutant of the program may not judge itself.

/** A decision of which this much is left may have ended for a host whose clock is wrong. */
const ENDING_MS = WALL_ERROR_MS + 2_000;

function keyOf({ kind, digest }: Pick<Revocation, 'kind' | 'digest'>): string {
  return `${kind} ${digest.toString('hex')}`;
}

function holds(mine: Revocation | undefined, other: Revocation): boolean {
  if (!mine) return false;
  if (mine.at !== other.at) return mine.at > other.at;
  return mine.verdict === 'revoked' || other.verdict === 'allowed';
}

/** Whether it also lasts as long. */
function lasts(mine: Revocation | undefined, other: Revocation): boolean {
  if (mine?.verdict === 'revoked' && other.verdict === 'revoked') return mine.until >= other.until;
  return holds(mine, other);
}

function isOver({ until }: Revocation, nowMs: number): boolean {
  return until * 1_000 <= EPOCH_MS + nowMs + ENDING_MS;
}

function latest(decisions: readonly Revocation[]): ReadonlyMap<string, Revocation> {
  const found = new Map<string, Revocation>();
  for (const each of decisions) if (!holds(found.get(keyOf(each)), each)) found.set(keyOf(each), each);
  return found;
}

const revocationView: DecisionView<Revocation> = {
  of: ({ revoked }) => latest(revoked?.decisions() ?? []),
  keyOf,
  holds,
  text: (each) => `${keyOf(each)} ${each.verdict} at ${each.at}`,
  isOver,
  stored: ({ changes }) => {
    const sealed = [...(changes.snapshot().lists.get('revocations')?.keys() ?? [])];
    return [...latest(sealed.flatMap((entry) => readRevocation(entry.split(' ').slice(2).join(' ')) ?? [])).values()];
  },
  isKnown: ({ revoked }) => revoked?.isKnown ?? false,
};

/** Invariants about what is revoked of tokens. */
export function revocationInvariants(plan: Plan): readonly Checker[] {
  if (plan.revocations.length === 0) return [];
  return [
    new NothingIsResurrected('R1 no revocation is forgotten or resurrected', revocationView),
    new DecisionsArrive('R2 revocations are in force everywhere in time', revocationView, plan),
    new ReadersKnowTheLog('R3 who has read the log knows every revocation in it', revocationView, plan),
    new WhatWasToldHolds(),
    new TokensAreRefusedByTheList(),
    new QuotaIsKept(plan),
  ];
}

/** An operator was told that something is revoked, or taken back: it is so at this replica, unless something later was decided. */
class WhatWasToldHolds implements Checker {
  readonly name = 'R4 what an operator was told holds';
  /** When each was last taken back anywhere: what was revoked until then may be revoked anew with an earlier end. */
  private readonly takenBackAt = new Map<string, number>();

  check({ replicas, nowMs }: World): string | undefined {
    for (const each of replicas.flatMap(({ revoked }) => revoked?.decisions() ?? [])) {
      const atBefore = this.takenBackAt.get(keyOf(each)) ?? 0;
      if (each.verdict === 'allowed') this.takenBackAt.set(keyOf(each), Math.max(atBefore, each.at));
    }
    const isVoid = (each: Revocation) =>
      isOver(each, nowMs) || (each.verdict === 'revoked' && each.at < (this.takenBackAt.get(keyOf(each)) ?? 0));
    for (const { id, revoked } of replicas) {
      const known = latest(revoked?.decisions() ?? []);
      const broken = revoked?.told.find((each) => !isVoid(each) && !lasts(known.get(keyOf(each)), each));
      if (broken) return `replica ${id} does not go by ${revocationView.text(broken)}`;
    }
    return undefined;
  }
}

/** A token that is remembered is refused exactly where the list has something about it, by the names of now. */
class TokensAreRefusedByTheList implements Checker {
  readonly name = 'R5 a remembered token is refused where the list says so, and nowhere else';

  check({ replicas }: World): string | undefined {
    for (const { id, revoked } of replicas) {
      if (!revoked) continue;
      const inForce = revoked
        .decisions()
        .filter(({ verdict, until }) => verdict === 'revoked' && until > revoked.nowSeconds);
      const names = new Set(inForce.map(keyOf));
      for (const token of revoked.tokens) {
        const expected = namesOf(revoked, token).some((name) => names.has(name));
        if (revoked.refuses(token) === expected) continue;
        return `replica ${id} ${expected ? 'lets in' : 'refuses'} the token ${token.claims.jti}`;
      }
    }
    return undefined;
  }
}

/** Nobody gets more in force than the quota but by deciding elsewhere at the same time; nothing goes for it (R1). */
class QuotaIsKept implements Checker {
  readonly name = 'R6 the quota is kept';

  constructor(private readonly plan: Plan) {}

  check({ replicas }: World): string | undefined {
    const most = this.plan.quota + this.plan.replicas;
    for (const { id, revoked } of replicas) {
      const count = revoked?.decisions().filter(({ verdict }) => verdict === 'revoked').length ?? 0;
      if (count > most) return `${count} are in force at replica ${id}`;
    }
    return undefined;
  }
}

function namesOf({ idClaim }: RevokingReplica, { claims }: RememberedToken): readonly string[] {
  const named = [
    ['token', claims[idClaim]],
    ['session', claims.sid],
    ['subject', claims.sub],
  ] as const;
  return named.map(([kind, value]) => keyOf({ kind, digest: expectedDigest(kind, value) }));
}

/** As docs/revocation.md writes it. */
function expectedDigest(kind: Revocation['kind'], value: string): Buffer {
  const text = `assay revocation 1 ${JSON.stringify(['stormy', null, kind, value])}`;
  return createHash('sha256').update(text).digest().subarray(0, 16);
}
