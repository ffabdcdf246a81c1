import { Dice } from './dice.js';
import { ModelIssuer } from './model-issuer.js';
import { isIn, LASTING_KEY, type LinkFault, type Plan } from './plan.js';
import { issuerIds, Replica, type Answer, type IssuerId } from './replica.js';
import { SharedStore } from './shared-store.js';
import { WALL_ERROR_MS } from './trouble.js';
import { HostClock, StoreClock, VirtualTime } from './virtual-time.js';

/** How often requests come and invariants are checked. */
export const STEP_MS = 1_000;

/** What a request got, for the checkers. */
export interface Asked {
  readonly replica: Replica;
  readonly issuer: IssuerId;
  readonly key: string;
  readonly fromMs: number;
  readonly wasTrusted: boolean;
  readonly isTrusted: boolean;
  readonly answer: Answer;
  readonly untilMs: number;
}

/** Inspects the world after each step. */
export interface Checker {
  /** The invariant that it watches over, as docs/requirements.md numbers it. */
  readonly name: string;
  /** @returns what is wrong, or `undefined` */
  check(world: World): string | undefined;
}

/** An invariant does not hold; names the seed that shows it. */
export class InvariantViolated extends Error {
  override readonly name = 'InvariantViolated';

  constructor(
    readonly invariant: string,
    readonly atMs: number,
    readonly seed: number,
    detail: string,
  ) {
    super(
      `${invariant} does not hold after ${(atMs / 1_000).toFixed(0)} s: ${detail} (SEED=${seed} npm test -- simulation)`,
    );
  }
}

/** A fleet, its issuers and its store, going through a plan. */
export class World {
  readonly time = new VirtualTime();
  readonly issuers: Readonly<Record<IssuerId, ModelIssuer>>;
  readonly replicas: Replica[] = [];
  readonly stores: { readonly primary: SharedStore; other?: SharedStore };
  /** What was asked since the last step and has been answered. */
  asked: Asked[] = [];
  private readonly dice: Dice;
  private readonly beats = new Map<number, number>();

  constructor(readonly plan: Plan) {
    this.dice = new Dice(plan.seed);
    const calm = { publications: [{ atMs: Number.NEGATIVE_INFINITY, keys: [LASTING_KEY] }], moods: [] };
    this.issuers = {
      stormy: new ModelIssuer(plan, this.time, this.dice.fork()),
      calm: new ModelIssuer(calm, this.time, this.dice.fork()),
    };
    const announce = (source: string, fence: number): void => {
      this.announce(source, fence);
    };
    this.stores = {
      primary: new SharedStore(this.time, new StoreClock(this.time), this.dice.fork(), announce),
    };
    for (let id = 0; id < plan.replicas; id++) this.replicas.push(this.newReplica(id));
    this.scheduleTrouble();
  }

  get nowMs(): number {
    return this.time.nowMs;
  }

  /** Lives through the plan. @throws {InvariantViolated} */
  async run(checkers: readonly Checker[]): Promise<void> {
    for (let atMs = STEP_MS; atMs <= this.plan.lengthMs; atMs += STEP_MS) {
      await this.time.runUntil(atMs);
      for (const checker of checkers) {
        const detail = checker.check(this);
        if (detail !== undefined) throw new InvariantViolated(checker.name, atMs, this.plan.seed, detail);
      }
      this.asked = [];
      for (const replica of this.replicas) this.request(replica);
    }
    for (const replica of this.replicas) replica.kill();
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.time.at(this.nowMs + ms, resolve));
  }

  faultOf(replica: number): LinkFault['fault'] | undefined {
    return this.plan.linkFaults.find((fault) => isIn(this.nowMs, fault) && fault.replicas.has(replica))?.fault;
  }

  storeOf(replica: number): SharedStore {
    const { primary, other } = this.stores;
    return this.faultOf(replica) === 'other_side' ? (other ?? primary) : primary;
  }

  countMembers(replica: number): number {
    this.beats.set(replica, this.nowMs);
    return [...this.beats.values()].filter((beatMs) => beatMs > this.nowMs - 15_000).length;
  }

  isPaused(replica: number): boolean {
    return this.plan.pauses.some((pause) => pause.replica === replica && isIn(this.nowMs, pause));
  }

  private newReplica(id: number): Replica {
    const { dice } = this;
    const clock = new HostClock(this.time, dice.between(0, 1e9), dice.between(-WALL_ERROR_MS, WALL_ERROR_MS));
    return new Replica(id, this.nowMs, clock, dice.fork(), this);
  }

  private scheduleTrouble(): void {
    const { pauses, restarts, shocks, linkFaults, decisions, replays, revocations } = this.plan;
    for (const revocation of revocations) {
      this.time.at(revocation.atMs, () => {
        if (!this.isPaused(revocation.replica)) void this.replicas[revocation.replica]!.revoked?.decide(revocation);
      });
    }
    for (const decision of decisions) {
      this.time.at(decision.atMs, () => {
        if (!this.isPaused(decision.replica)) void this.replicas[decision.replica]!.decide(decision);
      });
    }
    for (const atMs of replays) this.time.at(atMs, () => void this.stores.primary.changes.replay());
    for (const { replica, fromMs, toMs } of pauses) {
      this.time.at(fromMs, () => {
        this.replicas[replica]!.clock.pause(toMs - fromMs);
      });
    }
    for (const { atMs, replica } of restarts) {
      this.time.at(atMs, () => {
        this.restart(replica);
      });
    }
    for (const { atMs, shock, byMs } of shocks) {
      this.time.at(atMs, () => {
        this.shake(shock, byMs);
      });
    }
    for (const { fromMs, toMs } of linkFaults.filter(({ fault }) => fault === 'other_side')) {
      this.time.at(fromMs, () => {
        this.stores.other = this.stores.primary.split(() => undefined);
      });
      this.time.at(toMs, () => {
        delete this.stores.other;
      });
    }
  }

  private restart(id: number): void {
    const before = this.replicas[id]!;
    if (this.dice.chance(0.5)) before.stop();
    before.kill();
    this.replicas[id] = this.newReplica(id);
  }

  private shake(shock: 'flush' | 'regress' | 'clock', byMs: number): void {
    const { primary } = this.stores;
    if (shock === 'flush') primary.flush();
    if (shock === 'regress') {
      const lostMs = Math.abs(byMs);
      const snapshot = primary.snapshot();
      this.time.at(this.nowMs + lostMs, () => {
        primary.restore(snapshot);
      });
    }
    if (shock === 'clock') {
      primary.storeClock.move(byMs);
      primary.grants = [];
    }
  }

  /** Hints reach most of whom they are meant for. */
  private announce(source: string, fence: number): void {
    for (const replica of this.replicas) {
      const isHeard = replica.link.isUp && this.faultOf(replica.id) === undefined && this.dice.chance(0.8);
      if (isHeard) {
        replica.clock.after(this.dice.between(1, 10), () => {
          replica.hint(source, fence);
        });
      }
    }
  }

  private request(replica: Replica): void {
    if (this.isPaused(replica.id) || this.plan.idle.has(replica.id)) return;
    for (const issuer of issuerIds) {
      const wanted = this.issuers[issuer].published(this.nowMs).filter((key) => !replica.accepts(issuer, key));
      for (const key of [LASTING_KEY, ...wanted]) this.ask(replica, issuer, key);
    }
    if (!this.plan.attacks.some((attack) => isIn(this.nowMs, attack))) return;
    for (let i = 0; i < 3; i++) this.ask(replica, 'stormy', `made-up-${this.dice.integer(0, 1e9)}`);
  }

  private ask(replica: Replica, issuer: IssuerId, key: string): void {
    const [fromMs, wasTrusted] = [this.nowMs, replica.isTrusted(issuer)];
    void replica.ask(issuer, key).then((answer) => {
      this.asked.push({
        replica,
        issuer,
        key,
        fromMs,
        wasTrusted,
        isTrusted: replica.isTrusted(issuer),
        answer,
        untilMs: this.nowMs,
      });
    });
  }
}
