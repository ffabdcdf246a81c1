import { boundsOf } from './bounds.js';
import { EachSet, type Terms } from './each-set.js';
import { NewKeysArePickedUp, ReturnsAreNoticed } from './pick-up-invariants.js';
import { SAME_FETCH_MS } from '../../src/keys/record/reconcile-records.js';
import { CLOCK_SLACK_MS } from '../../src/keys/fleet/store-offset.js';
import { LASTING_KEY, type Plan } from './plan.js';
import type { IssuerId, Replica } from './replica.js';
import { Trouble, WALL_ERROR_MS } from './trouble.js';
import type { Checker, World } from './world.js';

const second = 1_000;

/** Invariants about which keys are accepted where, and when. */
export function keyInvariants(plan: Plan): readonly Checker[] {
  const terms = { bounds: boundsOf(plan.hardTtlMs), trouble: new Trouble(plan), plan };
  return [
    new RemovedKeysEnd(terms),
    new NothingOutlivesItsProof(terms),
    new ObservationsGrowYounger(terms),
    new NoResurrection(terms),
    new LastingKeysStay(terms),
    new NewKeysArePickedUp(terms),
    new ReturnsAreNoticed(terms),
    new SetsAreRefreshed(terms),
    new FleetsAgree(terms),
  ];
}

class RemovedKeysEnd extends EachSet {
  readonly name = 'I3 removed keys end';

  protected override checkSet(world: World, replica: Replica, issuer: IssuerId): string | undefined {
    const { bounds, trouble } = this.terms;
    for (const key of world.issuers[issuer].shownKeys) {
      const shownMs = world.issuers[issuer].lastShownMs(key);
      const goneForMs = world.nowMs - shownMs;
      if (goneForMs <= bounds.removal || !replica.accepts(issuer, key)) continue;
      const excuseMs = trouble.lengthMs(replica.id, { fromMs: shownMs, toMs: world.nowMs });
      if (goneForMs > bounds.removal + excuseMs) return `${key} is accepted ${goneForMs} ms after it was last shown`;
    }
    return undefined;
  }
}

class NothingOutlivesItsProof extends EachSet {
  readonly name = 'I4 nothing outlives its proof';

  protected override checkSet(world: World, replica: Replica, issuer: IssuerId): string | undefined {
    // By how much a record may be dated wrong, and read wrong, before replicas notice: not by how far clocks were moved.
    const unnoticedMs = 2 * (CLOCK_SLACK_MS + WALL_ERROR_MS);
    const longestMs = this.terms.bounds.hardTtl + Math.min(unnoticedMs, this.terms.trouble.clockMovesMs(world.nowMs));
    return world.issuers[issuer].shownKeys
      .filter((key) => world.nowMs - world.issuers[issuer].lastShownMs(key) >= longestMs)
      .filter((key) => replica.accepts(issuer, key))
      .map((key) => `${key} is accepted ${world.nowMs - world.issuers[issuer].lastShownMs(key)} ms after its proof`)[0];
  }
}

class ObservationsGrowYounger extends EachSet {
  readonly name = 'I5 observations grow younger';
  private readonly seen = new Map<string, number>();

  protected override checkSet(_world: World, replica: Replica, issuer: IssuerId): string | undefined {
    const observedMs = replica.observedMs(issuer);
    if (observedMs === undefined) return undefined;
    const id = `${replica.id} ${replica.bornMs} ${issuer}`;
    const before = this.seen.get(id) ?? Number.NEGATIVE_INFINITY;
    this.seen.set(id, observedMs);
    // What is carried from clock to clock is exact to the time that a message takes.
    if (observedMs >= before - 2 * SAME_FETCH_MS) return undefined;
    return `keys of ${observedMs} replaced those of ${before}`;
  }
}

class NoResurrection extends EachSet {
  readonly name = 'I5 no resurrection';
  private readonly accepted = new Set<string>();
  /** When a key that a replica refuses since was removed, by the replica's own record. */
  private readonly removedMs = new Map<string, number>();

  protected override checkSet(world: World, replica: Replica, issuer: IssuerId): string | undefined {
    for (const key of world.issuers[issuer].shownKeys) {
      const id = `${replica.id} ${replica.bornMs} ${issuer} ${key}`;
      const isAccepted = replica.accepts(issuer, key);
      const removedMs = this.removedMs.get(id);
      const refusedForMs = !isAccepted && this.accepted.has(id) ? tombstoneMs(replica, issuer, key) : undefined;
      if (refusedForMs !== undefined) this.removedMs.set(id, refusedForMs);
      if (isAccepted) this.accepted.add(id);
      else this.accepted.delete(id);
      if (!isAccepted || removedMs === undefined) continue;
      this.removedMs.delete(id);
      if (!this.isProven(world, issuer, key, removedMs)) return `${key}, removed at ${removedMs}, is accepted again`;
    }
    return undefined;
  }

  private isProven(world: World, issuer: IssuerId, key: string, removedMs: number): boolean {
    const shown = world.issuers[issuer].answers.filter(({ keys }) => keys.has(key)).map(({ atMs }) => atMs);
    const after = shown.filter((atMs) => atMs > removedMs - second);
    const { readdConfirmMs } = this.terms.bounds.timing;
    return after.length > 1 && after.at(-1)! - after[0]! >= readdConfirmMs - second;
  }
}

function tombstoneMs(replica: Replica, issuer: IssuerId, key: string): number | undefined {
  const local = replica.local(issuer);
  const stone = local.record?.tombstones.find(({ thumbprint }) => thumbprint === key);
  return stone && replica.clock.toWorldMs(local.toMonoMs(stone.removedAtMs));
}

class LastingKeysStay extends EachSet {
  readonly name = 'I6, I7 a published key is accepted while the set may be trusted';
  private readonly newestMs = new Map<string, number>();

  protected override checkSet(world: World, replica: Replica, issuer: IssuerId): string | undefined {
    const { bounds, trouble } = this.terms;
    const id = `${replica.id} ${replica.bornMs} ${issuer}`;
    const newestMs = Math.max(
      replica.observedMs(issuer) ?? Number.NEGATIVE_INFINITY,
      this.newestMs.get(id) ?? Number.NEGATIVE_INFINITY,
    );
    this.newestMs.set(id, newestMs);
    const slackMs = 5 * second + trouble.clockMovesMs(world.nowMs);
    if (world.nowMs - newestMs >= bounds.timing.hardTtlMs - slackMs) return undefined;
    if (replica.accepts(issuer, LASTING_KEY) || this.mayDoubt(world, replica, issuer)) return undefined;
    return 'the key that was always published is refused';
  }

  /** A lie that only part of the fleet could see through: it may cost that part the key until it has the records of the rest. */
  private mayDoubt(world: World, { id }: Replica, issuer: IssuerId): boolean {
    const during = { fromMs: world.nowMs - 150 * second, toMs: world.nowMs };
    const lie = world.issuers[issuer].answers.findLast(({ keys }) => !keys.has(LASTING_KEY));
    const { plan, trouble } = this.terms;
    const isLateLie = plan.moods.some(({ mood, toMs }) => mood === 'truncated' && toMs > during.fromMs);
    return lie !== undefined && (isLateLie || lie.atMs > during.fromMs) && trouble.isCutOff(id, during);
  }
}

class SetsAreRefreshed extends EachSet {
  readonly name = 'I18 sets are refreshed within R, whatever else is asked for';

  protected override checkSet(world: World, replica: Replica, issuer: IssuerId): string | undefined {
    const { bounds, trouble } = this.terms;
    const during = { fromMs: world.nowMs - bounds.age - 60 * second, toMs: world.nowMs };
    const observedMs = replica.observedMs(issuer) ?? Number.NEGATIVE_INFINITY;
    if (world.nowMs - observedMs <= bounds.age || during.fromMs < 0) return undefined;
    if (!trouble.isNone(replica.id, during)) return undefined;
    return `the keys are ${world.nowMs - observedMs} ms old`;
  }
}

/** Not in the specification's list, but in its metrics: one digest in the fleet, soon after every trouble, where replicas share. */
class FleetsAgree implements Checker {
  readonly name = 'fleets agree';
  private differsSinceMs = Number.POSITIVE_INFINITY;

  constructor(private readonly terms: Terms) {}

  check(world: World): string | undefined {
    const { plan, trouble } = this.terms;
    const sets = new Set(
      world.replicas
        .filter(({ id }) => !plan.idle.has(id))
        .map((replica) =>
          world.issuers.stormy
            .published(world.nowMs)
            .filter((key) => replica.accepts('stormy', key))
            .join(' '),
        ),
    );
    const during = { fromMs: world.nowMs - 10 * second, toMs: world.nowMs };
    if (sets.size < 2 || !trouble.isNoneAnywhere(during) || trouble.isAnyCutOff(during)) {
      this.differsSinceMs = Number.POSITIVE_INFINITY;
      return undefined;
    }
    this.differsSinceMs = Math.min(this.differsSinceMs, world.nowMs);
    if (world.nowMs - this.differsSinceMs <= 10 * second) return undefined;
    return `for ${world.nowMs - this.differsSinceMs} ms: ${[...sets].join(' | ')}`;
  }
}
