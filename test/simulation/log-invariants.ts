import { byKey, decisionsIn, holdsAgainst, latestOf, lifeOf, text } from './decisions.js';
import type { Plan } from './plan.js';
import { Trouble } from './trouble.js';
import { STEP_MS, type Checker, type World } from './world.js';

const second = 1_000;
/** A question may be under way this long: what stood there before was in its answer. */
const READING_MS = 3 * second;
/** A loss that replicas can see is mended with their next poll. */
const MENDED_MS = 5 * second;
/** A poll every two seconds, each decision twice, and what the whole fleet brings back after a loss. */
const MOST_IN_TEN_SECONDS = 60;

/** Invariants about the log of changes itself: that it is whole, and cheap. */
export function logInvariants(plan: Plan): readonly Checker[] {
  return [new LossesAreMended(plan), new LogIsSpared()];
}

/** A store that visibly lost its latest entries has them again after the next poll. */
class LossesAreMended implements Checker {
  readonly name = 'L4 what the log visibly lost is brought back with the next poll';
  private highest = 0;
  /** Places of the last steps: a loss that no replica can have read about before is found with the next whole reading. */
  private readonly recent: number[] = [];
  private lostAtMs: number | undefined;
  private lostLast = 0;
  private readonly links: Trouble;

  constructor(plan: Plan) {
    this.links = new Trouble({ ...plan, moods: [], shocks: [] });
  }

  check({ replicas, stores, nowMs }: World): string | undefined {
    const { last } = stores.primary.changes.snapshot();
    this.recent.push(last);
    if (this.recent.length > READING_MS / STEP_MS + 1) this.highest = Math.max(this.highest, this.recent.shift()!);
    // What is appended after a loss, by a clock that may have been moved, hides it until the next whole reading.
    const isAppendedTo = this.lostAtMs !== undefined && last !== this.lostLast;
    if (last >= this.highest || isAppendedTo) {
      this.highest = last;
      this.recent.length = 0;
      this.lostAtMs = undefined;
      return undefined;
    }
    this.lostAtMs ??= nowMs;
    this.lostLast = last;
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

  check({ replicas }: World): string | undefined {
    for (const replica of replicas) {
      const counts = this.counted.get(lifeOf(replica)) ?? [];
      counts.push(replica.changes.operations);
      if (counts.length > 11) counts.shift();
      this.counted.set(lifeOf(replica), counts);
      const count = replica.changes.operations - counts[0]!;
      if (count > MOST_IN_TEN_SECONDS) return `${count} commands of replica ${replica.id} in 10 s`;
    }
    return undefined;
  }
}
