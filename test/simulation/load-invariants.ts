import { answerInvariants } from './answer-invariants.js';
import { boundsOf, mostFailingStartsAlone, mostMisses, mostStarts, type Bounds } from './bounds.js';
import { LASTING_KEY, type Interval, type Plan } from './plan.js';
import { issuerIds } from './replica.js';
import type { Granted } from './shared-store.js';
import { Trouble } from './trouble.js';
import { STEP_MS, type Checker, type World } from './world.js';

const second = 1_000;
const WINDOW_MS = 300 * second;

/** Invariants about what the fleet costs its issuers, its store and its callers. */
export function loadInvariants(plan: Plan): readonly Checker[] {
  const bounds = boundsOf(plan.hardTtlMs);
  return [
    new MissesAreRationed(bounds),
    new FetchesAreSpaced(bounds),
    new ReplicasSpaceTheirFetches(bounds, plan),
    new LoadIsBounded(bounds, new Trouble(plan)),
    new FailingAloneIsSlow(bounds, plan),
    new NeighboursAreLeftAlone(bounds, new Trouble(plan)),
    new ZombiesAreRefused(),
    ...answerInvariants(plan),
    new StoreIsSpared(),
    new KnownKeysCostNothing(),
  ];
}

class MissesAreRationed implements Checker {
  readonly name = 'I1 fetches for unknown keys are rationed';

  constructor(private readonly bounds: Bounds) {}

  check({ stores }: World): string | undefined {
    for (const source of issuerIds) {
      const grants = stores.primary.grants.filter((grant) => grant.source === source);
      const misses = grants.filter((grant, i) => grant.kind === 'miss' && !this.isAroundBudget(grant, grants[i - 1]));
      const latest = misses.at(-1);
      if (!latest) continue;
      for (let i = misses.length - 1; i >= 0 && misses.length - i < 30; i--) {
        const windowMs = latest.atMs - misses[i]!.atMs;
        const count = misses.length - i;
        if (count > mostMisses(windowMs + 1, this.bounds.timing)) return `${count} of ${source} within ${windowMs} ms`;
      }
    }
    return undefined;
  }
  /** While the issuer fails, one fetch in ten seconds is free. */
  private isAroundBudget({ atMs, isAfterFailure }: Granted, before: Granted | undefined): boolean {
    return isAfterFailure && (!before || atMs - before.atMs >= this.bounds.timing.missAfterFailureMs);
  }
}

class FetchesAreSpaced implements Checker {
  readonly name = 'I2 any two fetches of a domain are spaced';

  constructor(private readonly bounds: Bounds) {}

  check({ stores }: World): string | undefined {
    for (const store of [stores.primary, ...(stores.other ? [stores.other] : [])]) {
      for (const source of issuerIds) {
        const grants = store.grants.filter((grant) => grant.source === source).slice(-20);
        for (let i = 1; i < grants.length; i++) {
          const gapMs = grants[i]!.atMs - grants[i - 1]!.atMs;
          if (gapMs < this.bounds.timing.minSpacingMs) return `two of ${source} within ${gapMs} ms`;
        }
      }
    }
    return undefined;
  }
}

/** Wherever its fetches were granted. */
class ReplicasSpaceTheirFetches implements Checker {
  readonly name = 'I2 any two fetches of a replica are spaced';

  constructor(
    private readonly bounds: Bounds,
    private readonly plan: Plan,
  ) {}

  check({ issuers, nowMs, replicas }: World): string | undefined {
    // Between a grant and its fetch there may be a link's timeout.
    const leastMs = this.bounds.timing.minSpacingMs - 1_200;
    for (const replica of replicas) {
      const sinceMs = Math.max(replica.bornMs, nowMs - 20 * second);
      const wasPaused = this.plan.pauses.some((pause) => pause.replica === replica.id && pause.toMs > sinceMs - second);
      if (wasPaused) continue;
      for (const source of issuerIds) {
        const starts = issuers[source].starts
          .slice(-100)
          .filter(({ atMs, replica: id }) => id === replica.id && atMs > sinceMs);
        for (let i = 1; i < starts.length; i++) {
          const gapMs = starts[i]!.atMs - starts[i - 1]!.atMs;
          if (gapMs < leastMs) return `two of replica ${replica.id} at ${source} within ${gapMs} ms`;
        }
      }
    }
    return undefined;
  }
}

class LoadIsBounded implements Checker {
  readonly name = '5.7 the number of replicas does not change the load';

  constructor(
    private readonly bounds: Bounds,
    private readonly trouble: Trouble,
  ) {}

  check(world: World): string | undefined {
    const { nowMs, issuers } = world;
    const during = { fromMs: nowMs - WINDOW_MS, toMs: nowMs };
    const isShared = world.replicas.every(
      ({ id }) => !this.trouble.isCutOff(id, { ...during, fromMs: during.fromMs - 60 * second }),
    );
    if (!isShared || during.fromMs < 0) return undefined;
    const starts = issuers.stormy.starts.filter(({ atMs }) => atMs > during.fromMs);
    const answers = issuers.stormy.answers.filter(({ atMs }) => atMs > during.fromMs - 60 * second);
    const changes = answers.filter(({ keys }, i) => i > 0 && !isSame(keys, answers[i - 1]!.keys)).length;
    const failed = starts.filter(({ mood }) => mood !== 'up' && mood !== 'lagging').length;
    const most = mostStarts(WINDOW_MS, changes, failed, this.bounds.timing);
    return starts.length > most ? `${starts.length} fetches in 300 s, at most ${most} are allowed` : undefined;
  }
}

function isSame(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((key) => other.has(key));
}

/** While neither the issuer nor the store answers. */
class FailingAloneIsSlow implements Checker {
  readonly name = 'F2 replicas that fail alone fail slowly';

  constructor(
    private readonly bounds: Bounds,
    private readonly plan: Plan,
  ) {}

  check({ nowMs, issuers }: World): string | undefined {
    const { plan } = this;
    const fromMs = nowMs - 60 * second;
    const isAway = plan.linkFaults.some(
      (fault) => fault.fault === 'refused' && fault.replicas.size === plan.replicas && covers(fault, fromMs, nowMs),
    );
    const isDown = plan.moods.some((interval) => interval.mood === 'down' && covers(interval, fromMs, nowMs));
    const isSteady = plan.restarts.length === 0 && plan.pauses.length === 0;
    if (!isAway || !isDown || !isSteady) return undefined;
    const starts = issuers.stormy.starts.filter(({ atMs }) => atMs > fromMs).length;
    const most = plan.replicas * mostFailingStartsAlone(60 * second, plan.replicas, this.bounds.timing);
    return starts > most ? `${starts} fetches in 60 s, at most ${most} are allowed` : undefined;
  }
}

function covers({ fromMs, toMs }: Interval, sinceMs: number, untilMs: number): boolean {
  return fromMs <= sinceMs && untilMs <= toMs;
}

class NeighboursAreLeftAlone implements Checker {
  readonly name = 'I14 the trouble of one issuer is not that of another';

  constructor(
    private readonly bounds: Bounds,
    private readonly trouble: Trouble,
  ) {}

  check({ nowMs, issuers, replicas }: World): string | undefined {
    const during = { fromMs: nowMs - WINDOW_MS - 60 * second, toMs: nowMs };
    if (during.fromMs < 0 || replicas.some(({ id }) => this.trouble.isCutOff(id, during))) return undefined;
    const starts = issuers.calm.starts.filter(({ atMs }) => atMs > nowMs - WINDOW_MS).length;
    // A pause may let a lease run out: the fetch that it was for is made again.
    const most = Math.ceil(WINDOW_MS / (0.9 * this.bounds.timing.refreshMs)) + 2;
    return starts > most ? `${starts} fetches from the issuer without trouble in 300 s` : undefined;
  }
}

class ZombiesAreRefused implements Checker {
  readonly name = 'I8 no commit replaces a younger record';

  check({ stores }: World): string | undefined {
    return [...stores.primary.regressions, ...(stores.other?.regressions ?? [])][0];
  }
}

class StoreIsSpared implements Checker {
  readonly name = 'I11 waiters and operations are bounded';
  private readonly counted = new Map<string, number[]>();

  check({ replicas, nowMs }: World): string | undefined {
    // One after the other: to ask is the expensive part.
    const asked = replicas[Math.floor(nowMs / STEP_MS) % replicas.length]!;
    const waiting = asked.keys.freshness().reduce((sum, freshness) => sum + freshness.waiting, 0);
    if (waiting > 512) return `${waiting} requests wait at replica ${asked.id}`;
    for (const replica of replicas) {
      const id = `${replica.id} ${replica.bornMs}`;
      const counts = this.counted.get(id) ?? [];
      counts.push(replica.link.operations);
      if (counts.length > 11) counts.shift();
      this.counted.set(id, counts);
      const perTenSeconds = replica.link.operations - counts[0]!;
      if (perTenSeconds > 100) return `${perTenSeconds} operations of replica ${replica.id} in 10 s`;
    }
    return undefined;
  }
}

class KnownKeysCostNothing implements Checker {
  readonly name = 'I10 a known key costs no fetch, no operation and no wait';

  check(world: World): string | undefined {
    for (const replica of world.replicas.filter(({ id }) => !world.plan.idle.has(id))) {
      for (const issuer of issuerIds.filter((name) => replica.accepts(name, LASTING_KEY))) {
        const before = [world.issuers[issuer].starts.length, replica.link.operations];
        const keys = replica.known(issuer, LASTING_KEY);
        const after = [world.issuers[issuer].starts.length, replica.link.operations];
        // A promise is no array: a request that would have to wait does not get one.
        if (!Array.isArray(keys) || keys.length === 0) return `replica ${replica.id} has to wait for ${issuer}`;
        if (after.join() !== before.join()) return `replica ${replica.id} asked others about ${issuer}`;
      }
    }
    return undefined;
  }
}
