import { denialView, lifeOf, text, type DecisionView } from './decisions.js';
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
    new NothingIsResurrected('L1 no decision is forgotten or resurrected', denialView),
    new DecisionsArrive('L2 decisions are in force everywhere in time', denialView, plan),
    new ReadersKnowTheLog('L3 who has read the log knows every decision in it', denialView, plan),
    new TheLatestDecisionHolds(plan),
  ];
}

/** A replica never goes back to an earlier decision, and forgets none. */
export class NothingIsResurrected<Decision> implements Checker {
  private readonly before = new Map<string, ReadonlyMap<string, Decision>>();

  constructor(
    readonly name: string,
    private readonly view: DecisionView<Decision>,
  ) {}

  check({ replicas, nowMs }: World): string | undefined {
    const { view } = this;
    for (const replica of replicas) {
      const known = view.of(replica);
      for (const [key, decision] of this.before.get(lifeOf(replica)) ?? []) {
        if (view.isOver(decision, nowMs) || view.holds(known.get(key), decision)) continue;
        return `replica ${replica.id} forgot ${view.text(decision)}`;
      }
      this.before.set(lifeOf(replica), known);
    }
    return undefined;
  }
}

/** What one living replica knows is in force everywhere, soon where there is no trouble, and in the end. */
export class DecisionsArrive<Decision> implements Checker {
  private readonly sinceMs = new Map<string, number>();
  private readonly links: Trouble;
  private readonly any: Trouble;

  constructor(
    readonly name: string,
    private readonly view: DecisionView<Decision>,
    private readonly plan: Plan,
  ) {
    this.links = new Trouble({ ...plan, moods: [], shocks: [] });
    this.any = new Trouble({ ...plan, moods: [] });
  }

  check({ replicas, nowMs }: World): string | undefined {
    const { view } = this;
    const everywhere = replicas.map((replica) => [replica, view.of(replica)] as const);
    const latest = new Map<string, Decision>();
    for (const [key, decision] of everywhere.flatMap(([, known]) => [...known])) {
      if (!view.isOver(decision, nowMs) && !view.holds(latest.get(key), decision)) latest.set(key, decision);
    }
    const before = new Map(this.sinceMs);
    this.sinceMs.clear();
    for (const [key, decision] of latest) {
      const words = view.text(decision);
      const sinceMs = before.get(words) ?? nowMs;
      this.sinceMs.set(words, sinceMs);
      if (!this.isDue(sinceMs, nowMs)) continue;
      const missing = everywhere.find(([, known]) => !view.holds(known.get(key), decision));
      if (missing) return `replica ${missing[0].id} lacks ${words}, known for ${nowMs - sinceMs} ms`;
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
export class ReadersKnowTheLog<Decision> implements Checker {
  private readonly checked = new Set<string>();
  private stoodSince = new Map<string, number>();

  constructor(
    readonly name: string,
    private readonly view: DecisionView<Decision>,
    private readonly plan: Plan,
  ) {}

  check({ replicas, stores, nowMs }: World): string | undefined {
    const { view } = this;
    const stored = view.stored(stores.primary).filter((each) => !view.isOver(each, nowMs));
    const words = stored.map((each) => view.text(each));
    this.stoodSince = new Map(words.map((each) => [each, this.stoodSince.get(each) ?? nowMs]));
    const stood = stored.filter((each) => this.stoodSince.get(view.text(each))! < nowMs - READING_MS);
    for (const replica of replicas) {
      if (!view.isKnown(replica) || this.checked.has(lifeOf(replica))) continue;
      this.checked.add(lifeOf(replica));
      if (this.isSplit(nowMs)) continue;
      const known = view.of(replica);
      const missing = stood.find((each) => !view.holds(known.get(view.keyOf(each)), each));
      if (missing) return `replica ${replica.id} has read the log and lacks ${view.text(missing)}`;
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
