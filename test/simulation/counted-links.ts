import { ChangeStore, type ChangeKind, type ChangeReading, type NewChange } from '../../src/changes/change-store.js';
import { FleetMembers } from '../../src/keys/fleet/fleet-members.js';
import {
  KeyStore,
  type AcquireRequest,
  type CommitRequest,
  type CommitVerdict,
  type FailRequest,
} from '../../src/keys/store/key-store.js';
import { sourceName, storedHint } from '../../src/keys/store/source-name.js';
import type { Clock } from '../../src/shared/clock.js';
import type { Dice } from './dice.js';
import type { FleetSize, Operation } from './scale-law.js';

/** What replicas share, where each of their operations is counted. */
export interface Counting {
  readonly size: FleetSize;
  readonly dice: Dice;
  readonly keys: KeyStore;
  readonly changes: ChangeStore;
  count(operation: Operation): void;
  /** Commits are told to everybody who listens, as `PUBLISH` does it. */
  publish(source: string, fence: number): void;
}

/** What is asked of Redis takes a moment, so that replicas can be in each other's way. */
async function overTheNetwork(fleet: Counting, clock: Clock, operation: Operation): Promise<void> {
  fleet.count(operation);
  await clock.sleep(fleet.dice.between(0.2, 3));
}

/** The key store as one replica sees it. */
export class CountedKeys extends KeyStore {
  constructor(
    private readonly fleet: Counting,
    private readonly clock: Clock,
    private readonly announce: (hint: string, instead: string) => void,
  ) {
    super();
  }

  /** A question for the time is as small as a reading of a record that is not there. */
  override async timeMs(source: string) {
    await overTheNetwork(this.fleet, this.clock, 'load');
    return this.fleet.keys.timeMs(source);
  }

  override async load(source: string) {
    await overTheNetwork(this.fleet, this.clock, 'load');
    return this.fleet.keys.load(source);
  }

  override async acquire(source: string, request: AcquireRequest) {
    await overTheNetwork(this.fleet, this.clock, 'acquire');
    return this.fleet.keys.acquire(source, request);
  }

  override async commit(source: string, request: CommitRequest): Promise<CommitVerdict> {
    await overTheNetwork(this.fleet, this.clock, 'commit');
    const verdict = await this.fleet.keys.commit(source, request);
    if (verdict !== 'OK') return verdict;
    const name = sourceName(source);
    this.announce(storedHint(name, request.fence), storedHint(name, request.baseFence));
    this.fleet.publish(source, request.fence);
    return verdict;
  }

  override fail(source: string, request: FailRequest): Promise<number> {
    return this.fleet.keys.fail(source, request);
  }
}

/** The log of changes as one replica sees it. */
export class CountedChanges extends ChangeStore {
  constructor(
    private readonly fleet: Counting,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async read(after: Readonly<Record<ChangeKind, number>>): Promise<ChangeReading> {
    await overTheNetwork(this.fleet, this.clock, 'poll');
    return this.fleet.changes.read(after);
  }

  override async append(change: NewChange): Promise<number> {
    await overTheNetwork(this.fleet, this.clock, 'append');
    return this.fleet.changes.append(change);
  }

  override admit(...arrival: Parameters<ChangeStore['admit']>): ReturnType<ChangeStore['admit']> {
    return this.fleet.changes.admit(...arrival);
  }

  override remove(kind: ChangeKind, sealed: readonly Buffer[]): Promise<void> {
    return this.fleet.changes.remove(kind, sealed);
  }
}

/** Everybody is there all the time. */
export class KnownMembers extends FleetMembers {
  constructor(
    private readonly fleet: Counting,
    private readonly clock: Clock,
  ) {
    super();
  }

  override get size(): number {
    return this.fleet.size.replicas;
  }

  override start(): void {
    this.fleet.count('beat');
    this.clock.after(5_000, () => {
      this.start();
    });
  }

  override stop(): Promise<void> {
    return Promise.resolve();
  }
}
