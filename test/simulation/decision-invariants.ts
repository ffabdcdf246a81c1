import { byKey, decisionsIn, holdsAgainst, latestOf, lifeOf, text, type Decisions } from './decisions.js';
import type { Plan } from './plan.js';
import { Trouble } from './trouble.js';
import { STEP_MS, type Checker, type World } from './world.js';

const second = 1_000;
/** The published bound: a denial is in force at every replica that can read the log. */
const IN_FORCE_MS = 7 * second;
/** After trouble: the log is read from its beginning within 30 s, what it lacks is brought back, and others read that. */
const SETTLED_MS = 45 * second;
/** A question may be under way this long: what stood there before was in its answer. */
const READING_MS = 3 * second;

/** Invariants about what operators decide about keys. */
export function decisionInvariants(plan: Plan): readonly Checker[] {
  return [
    new NothingIsResurrected(),
    new DecisionsArrive(plan),
    new ReadersKnowTheLog(plan),
    new TheLatestDecisionHolds(plan),
  ];
}

/** A replica never goes back to an earlier decision, and forgets none. */
class NothingIsResurrected implements Checker {
  readonly name = 'L1 no decision is forgotten or resurrected';
  private readonly before = new Map<string, Decisions>();

  check({ replicas }: World): string | undefined {
    for (const replica of replicas) {
      const known = byKey(replica.decisions());
      for (const [key, decision] of this.before.get(lifeOf(replica)) ?? []) {
        if (!holdsAgainst(known.get(key), decision)) return `replica ${replica.id} forgot ${text(decision)}`;
      }
      this.before.set(lifeOf(replica), known);
    }
    return undefined;
  }
}

/** What one living replica knows is in force everywhere, soon where there is no trouble, and in the end. */
class DecisionsArrive implements Checker {
  readonly name = 'L2 decisions are in force everywhere in time';
  private readonly sinceMs = new Map<string, number>();
  private readonly links: Trouble;
  private readonly any: Trouble;

  constructor(private readonly plan: Plan) {
    this.links = new Trouble({ ...plan, moods: [], shocks: [] });
    this.any = new Trouble({ ...plan, moods: [] });
  }

  check({ replicas, nowMs }: World): string | undefined {
    const everywhere = replicas.map((replica) => [replica, byKey(replica.decisions())] as const);
    const latest = latestOf(everywhere.map(([, known]) => known));
    const before = new Map(this.sinceMs);
    this.sinceMs.clear();
    for (const [key, decision] of latest) {
      const sinceMs = before.get(text(decision)) ?? nowMs;
      this.sinceMs.set(text(decision), sinceMs);
      if (!this.isDue(sinceMs, nowMs)) continue;
      const missing = everywhere.find(([, known]) => !holdsAgainst(known.get(key), decision));
      if (missing) return `replica ${missing[0].id} lacks ${text(decision)}, known for ${nowMs - sinceMs} ms`;
    }
    return undefined;
  }

  private isDue(sinceMs: number, nowMs: number): boolean {
    const ageMs = nowMs - sinceMs;
    const calmForMs = Math.min(ageMs, SETTLED_MS);
    if (ageMs > SETTLED_MS) return this.any.isNoneAnywhere({ fromMs: nowMs - calmForMs, toMs: nowMs });
    const isCalm = this.links.isNoneAnywhere({ fromMs: sinceMs - 2 * STEP_MS, toMs: nowMs });
    return ageMs > IN_FORCE_MS && isCalm && !this.isLossIn(sinceMs - STEP_MS, nowMs);
  }

  /** A decision that comes after a failover is not late; places are those of a clock, which must not have been moved. */
  private isLossIn(fromMs: number, toMs: number): boolean {
    return this.plan.shocks.some(({ shock, atMs, byMs }) => {
      if (shock === 'clock') return atMs <= toMs;
      return atMs <= toMs && atMs + (shock === 'regress' ? Math.abs(byMs) : 0) >= fromMs;
    });
  }
}

/** A replica that says that it has read the log knows what stood in it. */
class ReadersKnowTheLog implements Checker {
  readonly name = 'L3 who has read the log knows every decision in it';
  private readonly checked = new Set<string>();
  private stoodSince = new Map<string, number>();

  constructor(private readonly plan: Plan) {}

  check({ replicas, stores, nowMs }: World): string | undefined {
    const stored = decisionsIn(stores.primary);
    this.stoodSince = new Map(stored.map((each) => [text(each), this.stoodSince.get(text(each)) ?? nowMs]));
    const stood = stored.filter((each) => this.stoodSince.get(text(each))! < nowMs - READING_MS);
    for (const replica of replicas) {
      if (!replica.denials.isKnown || this.checked.has(lifeOf(replica))) continue;
      this.checked.add(lifeOf(replica));
      if (this.isSplit(nowMs)) continue;
      const known = byKey(replica.decisions());
      const missing = stood.find((each) => !holdsAgainst(known.get(each.thumbprint), each));
      if (missing) return `replica ${replica.id} has read the log and lacks ${text(missing)}`;
    }
    return undefined;
  }

  private isSplit(nowMs: number): boolean {
    return this.plan.linkFaults.some(
      ({ fault, fromMs, toMs }) => fault === 'other_side' && fromMs <= nowMs && nowMs <= toMs + READING_MS,
    );
  }
}

/**
 * A token is refused because of a denial exactly where the latest decision about its key that ever reached this replica is a
 * denial, or a denial that was made here is not in the log yet: an older entry never takes an allowance back, and an allowance
 * lets nothing in that a newer denial names.
 */
class TheLatestDecisionHolds implements Checker {
  readonly name = 'L6 the latest decision that a replica has seen is the one that it goes by';
  private readonly keys: ReadonlySet<string>;

  constructor({ decisions }: Plan) {
    this.keys = new Set(decisions.map(({ thumbprint }) => thumbprint));
  }

  check({ replicas }: World): string | undefined {
    for (const replica of replicas) {
      for (const key of this.keys) {
        const latest = replica.changes.seen.get(key);
        const isDenied = replica.denies(key);
        if (isDenied === (latest?.verdict === 'denied' || replica.changes.unshared.has(key))) continue;
        const does = isDenied ? 'refuses' : 'lets in';
        return `replica ${replica.id} ${does} ${key}, and has seen ${latest ? text(latest) : 'nothing about it'}`;
      }
    }
    return undefined;
  }
}
