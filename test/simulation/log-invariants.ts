import { byKey, decisionsIn, holdsAgainst, latestOf, lifeOf, text } from './decisions.js';
import type { Plan } from './plan.js';
import { Trouble } from './trouble.js';
import { STEP_MS, type Checker, type World } from './world.js';

const second = 1_000;
/** A loss that replicas can see is mended with their next poll. */
const MENDED_MS = 5 * second;
/** A poll every two seconds, each decision twice, and what the whole fleet brings back after a loss. */
const MOST_IN_TEN_SECONDS = 60;

/** Invariants about the log of changes itself: that it is whole, and cheap. */
export function logInvariants(plan: Plan): readonly Checker[] {
  return [new LossesAreMended(plan), new LogIsSpared(plan)];
}

/** A store that lost its latest entries has them again after the next poll, also those that nobody had read. */
class LossesAreMended implements Checker {
  readonly name = 'L4 what the log visibly lost is brought back with the next poll';
  /** The place that is lost; 0: none. */
  private lostPlace = 0;
  private lostAtMs = 0;
  private readonly links: Trouble;

  constructor(plan: Plan) {
    this.links = new Trouble({ ...plan, moods: [], shocks: [] });
  }

  check({ replicas, stores, nowMs }: World): string | undefined {
    const { latestPlace } = stores.primary.changes;
    // What is appended after a loss hides it until the next whole reading.
    const isLost = stores.primary.changes.snapshot().last < latestPlace;
    if (!isLost || latestPlace !== this.lostPlace) {
      this.lostPlace = isLost ? latestPlace : 0;
      this.lostAtMs = nowMs;
      return undefined;
    }
    const isCalm = this.links.isNoneAnywhere({ fromMs: this.lostAtMs - 2 * STEP_MS, toMs: nowMs });
    if (!isCalm || nowMs - this.lostAtMs <= MENDED_MS) return undefined;
    const stored = byKey(decisionsIn(stores.primary));
    const known = latestOf(replicas.map((replica) => byKey(replica.decisions())));
    const missing = [...known].find(([key, decision]) => !holdsAgainst(stored.get(key), decision));
    return missing && `${text(missing[1])} is missing ${nowMs - this.lostAtMs} ms after the loss`;
  }
}

class LogIsSpared implements Checker {
  readonly name = 'L5 the log costs few commands, whatever the trouble';
  private readonly counted = new Map<string, number[]>();

  constructor(private readonly plan: Plan) {}

  check({ replicas }: World): string | undefined {
    // Each replica brings back all that it knows, and what is its own once more.
    const most = MOST_IN_TEN_SECONDS + 2 * this.plan.revocations.length;
    for (const replica of replicas) {
      const counts = this.counted.get(lifeOf(replica)) ?? [];
      counts.push(replica.changes.operations);
      if (counts.length > 11) counts.shift();
      this.counted.set(lifeOf(replica), counts);
      const count = replica.changes.operations - counts[0]!;
      if (count > most) return `${count} commands of replica ${replica.id} in 10 s`;
    }
    return undefined;
  }
}
