import { EachSet, type Terms } from './each-set.js';
import type { Interval } from './plan.js';
import type { IssuerId, Replica } from './replica.js';
import { Trouble } from './trouble.js';
import { STEP_MS, type World } from './world.js';

const second = 1_000;

/** A key that was just published works soon, with made-up key ids around it. */
export class NewKeysArePickedUp extends EachSet {
  readonly name = 'I9 new keys are picked up';

  protected override checkSet(world: World, replica: Replica, issuer: IssuerId): string | undefined {
    const { plan, bounds, trouble } = this.terms;
    if (issuer !== 'stormy' || plan.idle.has(replica.id)) return undefined;
    const known = new Set<string>();
    for (const { atMs, keys } of plan.publications) {
      const fresh = keys.filter((key) => !known.has(key));
      for (const key of fresh) known.add(key);
      const sinceMs = Math.max(atMs, 0);
      const isDue = world.nowMs > sinceMs + bounds.pickUp + 2 * STEP_MS && world.nowMs < sinceMs + 300 * second;
      const during = { fromMs: sinceMs - 60 * second, toMs: world.nowMs };
      // Who decides alone has a bound of its own.
      if (!isDue || !trouble.isNone(replica.id, during) || trouble.isCutOff(replica.id, during)) continue;
      const missed = fresh.find((key) => this.isStillNew(world, key, sinceMs) && !replica.accepts(issuer, key));
      if (missed !== undefined) return `${missed} is unknown ${world.nowMs - sinceMs} ms after it was published`;
    }
    return undefined;
  }

  private isStillNew(world: World, key: string, sinceMs: number): boolean {
    return this.terms.plan.publications.every(
      ({ atMs, keys }) =>
        atMs < sinceMs || atMs > world.nowMs || atMs === Number.NEGATIVE_INFINITY || keys.includes(key),
    );
  }
}

/** An issuer that comes back with new keys: its backoff keeps nobody waiting for them. */
export class ReturnsAreNoticed extends EachSet {
  readonly name = 'F4 new keys are picked up after an outage';
  private readonly otherTrouble: Trouble;

  constructor(terms: Terms) {
    super(terms);
    this.otherTrouble = new Trouble({ ...terms.plan, moods: [] });
  }

  protected override checkSet(world: World, replica: Replica, issuer: IssuerId): string | undefined {
    const { plan, bounds } = this.terms;
    if (issuer !== 'stormy' || plan.idle.has(replica.id)) return undefined;
    const dueForMs = bounds.pickUpAfterOutage + 2 * STEP_MS;
    for (const { fromMs, toMs, mood } of plan.moods) {
      const sinceMs = world.nowMs - toMs;
      const isFailure = mood === 'down' || mood === 'hang' || mood === 'garbage';
      const isDue = isFailure && sinceMs > dueForMs && sinceMs < 60 * second;
      if (!isDue || !this.isQuiet({ fromMs: fromMs - 10 * second, toMs: world.nowMs }, toMs)) continue;
      const missed = newKeys(world, toMs).find((key) => !replica.accepts(issuer, key));
      if (missed !== undefined) return `${missed} is unknown ${sinceMs} ms after the issuer came back`;
    }
    return undefined;
  }

  private isQuiet(during: Interval, backMs: number): boolean {
    const isUp = this.terms.plan.moods.every(({ fromMs, toMs }) => toMs <= backMs || fromMs > during.toMs);
    return isUp && this.otherTrouble.isNoneAnywhere(during) && !this.otherTrouble.isAnyCutOff(during);
  }
}

/** Keys that the issuer publishes all the time since, and that no answer has shown before. */
function newKeys({ issuers, plan, nowMs }: World, sinceMs: number): readonly string[] {
  const later = plan.publications.filter(({ atMs }) => atMs > sinceMs && atMs <= nowMs);
  const shown = issuers.stormy.answers.filter(({ atMs }) => atMs < sinceMs);
  return issuers.stormy
    .published(sinceMs)
    .filter((key) => later.every(({ keys }) => keys.includes(key)) && !shown.some(({ keys }) => keys.has(key)));
}
