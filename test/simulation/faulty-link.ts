import type { Arrival, ArrivalOutcome } from '../../src/changes/arrival.js';
import {
  KeyStore,
  type AcquireRequest,
  type AcquireVerdict,
  type CommitRequest,
  type CommitVerdict,
  type FailRequest,
  type LoadedRecord,
} from '../../src/keys/store/key-store.js';
import { ChangeStore, type ChangeKind, type ChangeReading, type NewChange } from '../../src/changes/change-store.js';
import { FleetNews, type NewsListener } from '../../src/keys/fleet/fleet-news.js';
import { sourceName, storedHint } from '../../src/keys/store/source-name.js';
import { CircuitBreaker } from '../../src/redis/circuit-breaker.js';
import { RedisUnavailable } from '../../src/redis/redis-link.js';
import type { KeyDecision } from '../../src/revocation/key-decision.js';
import type { Clock } from '../../src/shared/clock.js';
import { decisionOf, holdsAgainst } from './decisions.js';
import type { Dice } from './dice.js';
import type { LinkFault } from './plan.js';
import type { SharedStore } from './shared-store.js';

const COMMAND_TIMEOUT_MS = 500;

/** What one replica's link needs to know. */
export interface LinkTerms {
  readonly clock: Clock;
  readonly dice: Dice;
  /** Time of the world, in which the store acts even while the replica is paused. */
  readonly worldSleep: (ms: number) => Promise<void>;
  readonly fault: () => LinkFault['fault'] | undefined;
  readonly store: () => SharedStore;
}

/** The way from one replica to the shared store, behind the real breaker. Counts what goes over it. */
export class FaultyLink {
  operations = 0;
  private readonly breaker: CircuitBreaker;

  constructor(private readonly terms: LinkTerms) {
    this.breaker = new CircuitBreaker(terms.clock);
  }

  get isUp(): boolean {
    const fault = this.terms.fault();
    return fault === undefined || fault === 'other_side';
  }

  get store(): SharedStore {
    return this.terms.store();
  }

  async run<T>(operation: (store: SharedStore) => Promise<T>): Promise<T> {
    if (!this.breaker.admit()) throw new RedisUnavailable('simulated');
    this.operations++;
    try {
      const answer = await this.carry(operation);
      this.breaker.succeeded();
      return answer;
    } catch (cause) {
      this.breaker.failed();
      throw new RedisUnavailable('simulated', { cause });
    }
  }

  private async carry<T>(operation: (store: SharedStore) => Promise<T>): Promise<T> {
    const { clock, dice, fault, store, worldSleep } = this.terms;
    switch (fault()) {
      case 'refused':
        throw new Error('refused');
      case 'silent':
        await clock.sleep(COMMAND_TIMEOUT_MS);
        throw new Error('silent');
      case 'slow': {
        const thereMs = dice.between(5, 500);
        const answer = worldSleep(thereMs).then(() => operation(store()));
        const isLate = thereMs + dice.between(5, 500) > COMMAND_TIMEOUT_MS;
        await clock.sleep(isLate ? COMMAND_TIMEOUT_MS : 2 * thereMs);
        if (isLate) throw new Error('late');
        return answer;
      }
      default:
        if (dice.chance(0.1)) await clock.sleep(dice.between(1, 20));
        return operation(store());
    }
  }
}

/** The log of changes as one replica sees it. Remembers the latest decision about each key that went through it. */
export class LinkedChanges extends ChangeStore {
  operations = 0;
  /** By thumbprint. */
  readonly seen = new Map<string, KeyDecision>();
  /** Thumbprints of keys that were denied here, and whose denial is not in the log as the latest decision about them. */
  readonly unshared = new Set<string>();

  constructor(private readonly link: FaultyLink) {
    super();
  }

  /** A denial is in force where it was made, before it is in the log, and no allowance in the log can be about it. */
  madeHere(denial: KeyDecision): void {
    this.see(denial);
    this.unshared.add(denial.thumbprint);
  }

  override async read(after: Readonly<Record<ChangeKind, number>>): Promise<ChangeReading> {
    const reading = await this.run((changes) => changes.read(after));
    for (const { sealed } of reading.pages.denials.entries) this.seeInLog(decisionOf(sealed.toString()));
    return reading;
  }

  /** A denial holds before it is shared, and an allowance once it is. */
  override async append(change: NewChange): Promise<number> {
    const decision = change.kind === 'denials' ? decisionOf(change.sealed) : undefined;
    if (decision?.verdict === 'denied') this.see(decision);
    if (decision?.verdict === 'allowed') this.unshared.delete(decision.thumbprint);
    const place = await this.run((changes) => changes.append(change));
    this.seeInLog(decision);
    return place;
  }

  override admit(arrival: Arrival, sealed: readonly string[]): Promise<ArrivalOutcome> {
    return this.run((changes) => changes.admit(arrival, sealed));
  }

  override remove(kind: ChangeKind, sealed: readonly Buffer[]): Promise<void> {
    if (sealed.length === 0) return Promise.resolve();
    return this.run((changes) => changes.remove(kind, sealed));
  }

  private run<T>(operation: (changes: ChangeStore) => Promise<T>): Promise<T> {
    this.operations++;
    return this.link.run(({ changes }) => operation(changes));
  }

  /** A key that is denied for all is not denied here alone. */
  private seeInLog(decision: KeyDecision | undefined): void {
    this.see(decision);
    const isLatest = decision && this.seen.get(decision.thumbprint)?.atMs === decision.atMs;
    if (isLatest && decision.verdict === 'denied') this.unshared.delete(decision.thumbprint);
  }

  private see(decision: KeyDecision | undefined): void {
    if (decision && !holdsAgainst(this.seen.get(decision.thumbprint), decision)) {
      this.seen.set(decision.thumbprint, decision);
    }
  }
}

/** The shared store as one replica sees it. */
export class LinkedStore extends KeyStore {
  /** @param announce is called after each commit, as that of the store in Redis is */
  constructor(
    private readonly link: FaultyLink,
    private readonly announce: (hint: string, instead: string) => void,
  ) {
    super();
  }

  override timeMs(): Promise<number> {
    return this.link.run((store) => store.timeMs());
  }

  override load(source: string): Promise<LoadedRecord | undefined> {
    return this.link.run((store) => store.load(source));
  }

  override acquire(source: string, request: AcquireRequest): Promise<AcquireVerdict> {
    return this.link.run((store) => store.acquire(source, request));
  }

  override async commit(source: string, request: CommitRequest): Promise<CommitVerdict> {
    const verdict = await this.link.run((store) => store.commit(source, request));
    const name = sourceName(source);
    if (verdict === 'OK') this.announce(storedHint(name, request.fence), storedHint(name, request.baseFence));
    return verdict;
  }

  override fail(source: string, request: FailRequest): Promise<number> {
    return this.link.run((store) => store.fail(source, request));
  }
}

/** Hints from other replicas, which the world passes on. */
export class LinkedNews extends FleetNews {
  override readonly silentForMs = 0;

  private readonly listeners: NewsListener[] = [];

  override onHint(listener: NewsListener): void {
    this.listeners.push(listener);
  }

  hint(source: string, fence: number): void {
    for (const listener of this.listeners) listener(sourceName(source), fence);
  }

  override start(): void {
    // The world passes hints to every replica that exists.
  }

  override stop(): Promise<void> {
    return Promise.resolve();
  }
}
