import { anIssuer } from '../builders/an-issuer.js';
import { ChangeLog } from '../../src/changes/change-log.js';
import type { ChangeStore } from '../../src/changes/change-store.js';
import { ConfiguredIssuers } from '../../src/issuers/configured-issuers.js';
import { defaultFreshness } from '../../src/issuers/freshness.config.js';
import { composeKeys } from '../../src/keys/compose-keys.js';
import { KeyEvents } from '../../src/keys/events/key-events.js';
import { AutonomousKeyStore } from '../../src/keys/fleet/autonomous-key-store.js';
import type { KeyManager } from '../../src/keys/key-manager.js';
import { MemoryKeyStore } from '../../src/keys/store/memory-key-store.js';
import type { KeyStore } from '../../src/keys/store/key-store.js';
import { RecordMac } from '../../src/redis/record-mac.js';
import { MemoryChangeStore } from '../fakes/memory-change-store.js';
import { testRecordKey } from '../redis/a-redis-key-store.js';
import { CountedChanges, CountedKeys, KnownMembers, type Counting } from './counted-links.js';
import { Dice } from './dice.js';
import { LinkedNews } from './faulty-link.js';
import { ModelIssuer } from './model-issuer.js';
import { LASTING_KEY } from './plan.js';
import { operations, type FleetSize, type Operation, type Rates } from './scale-law.js';
import { HostClock, StoreClock, VirtualTime } from './virtual-time.js';

/** Until the first fetches of all replicas are history. */
const SETTLED_MS = 20 * 60_000;

/** What a fleet did. */
export interface Counted {
  readonly seconds: number;
  /** How often, in all. */
  readonly times: Rates;
  readonly betweenFetchesS: number;
}

/** Everything that a fleet at rest does with what it shares, counted: the replicas are real but for the network and the cryptography. */
export class CountedFleet implements Counting {
  readonly time = new VirtualTime();
  readonly dice: Dice;
  readonly issuers: ReadonlyMap<string, ModelIssuer>;
  readonly keys: KeyStore;
  readonly changes: ChangeStore;
  private readonly counts = new Map<Operation, number>();
  private readonly replicas: readonly CountedReplica[];

  constructor(
    readonly size: FleetSize,
    seed: number,
  ) {
    this.dice = new Dice(seed);
    const clock = new StoreClock(this.time);
    this.keys = new MemoryKeyStore(clock, this.dice.roll);
    this.changes = new MemoryChangeStore(() => clock.monoMs());
    const calm = { publications: [{ atMs: Number.NEGATIVE_INFINITY, keys: [LASTING_KEY] }], moods: [] };
    const named = Array.from({ length: size.issuers }, (_, i) => `issuer-${i}`);
    this.issuers = new Map(named.map((id) => [id, new ModelIssuer(calm, this.time, this.dice.fork())]));
    this.replicas = Array.from({ length: size.replicas }, (_, id) => new CountedReplica(id, this));
  }

  /** What the fleet asks for, and how long it took, over so many minutes of rest. */
  async rest(minutes: number): Promise<Counted> {
    await this.time.runUntil(SETTLED_MS);
    this.counts.clear();
    const before = this.fetches.length;
    await this.time.runUntil(SETTLED_MS + minutes * 60_000);
    for (const replica of this.replicas) replica.kill();
    this.counts.set('fetch', this.fetches.length - before);
    const times = Object.fromEntries(operations.map((each) => [each, this.counts.get(each) ?? 0]));
    return { seconds: minutes * 60, times: times as Rates, betweenFetchesS: this.betweenFetchesS };
  }

  publish(source: string, fence: number): void {
    for (const replica of this.replicas) {
      this.count('hearing');
      replica.clock.after(this.dice.between(1, 10), () => {
        replica.news.hint(source, fence);
      });
    }
  }

  count(operation: Operation): void {
    this.counts.set(operation, (this.counts.get(operation) ?? 0) + 1);
  }

  private get fetches(): readonly number[] {
    return [...this.issuers.values()].flatMap(({ starts }) => starts.map(({ atMs }) => atMs));
  }

  /** The mean of all issuers, from the first fetch to the last one: a window would cut the time between two in two. */
  private get betweenFetchesS(): number {
    const all = [...this.issuers.values()].map(({ starts }) => starts.map(({ atMs }) => atMs));
    const passedMs = all.reduce((sum, atMs) => sum + (atMs.at(-1) ?? NaN) - (atMs[0] ?? NaN), 0);
    return passedMs / 1_000 / all.reduce((sum, { length }) => sum + length - 1, 0);
  }
}

/** One replica of it. */
class CountedReplica {
  readonly clock: HostClock;
  readonly news = new LinkedNews();
  private readonly keys: KeyManager;

  constructor(id: number, fleet: CountedFleet) {
    const { time, dice } = fleet;
    this.clock = new HostClock(time, dice.between(0, 1e9), 0);
    const events = new SilentEvents();
    const log = new ChangeLog({
      store: new CountedChanges(fleet, this.clock),
      mac: new RecordMac('simulated', [testRecordKey]),
      clock: this.clock,
      random: dice.roll,
      onRefused: (kind, reason) => {
        throw new Error(`an entry about ${kind} was refused as ${reason}`);
      },
    });
    const announce = (hint: string, instead: string): void => void log.offer('keys', hint, [instead]);
    const members = new KnownMembers(fleet, this.clock);
    const store = new AutonomousKeyStore(new CountedKeys(fleet, this.clock, announce), {
      clock: this.clock,
      members,
      events,
      random: dice.roll,
    });
    const issuers = new ConfiguredIssuers();
    issuers.replace([...fleet.issuers.keys()].map(criticalIssuer));
    this.keys = composeKeys({
      issuers,
      clock: this.clock,
      events,
      store,
      shared: { news: this.news, log },
      sourceOf: (current) => fleet.issuers.get(current().id)!.source(id, this.clock),
      random: dice.roll,
    });
    // Replicas are not started in one moment.
    this.clock.after(dice.between(0, 60_000), () => {
      members.start();
      void log.start();
      this.keys.start();
    });
  }

  kill(): void {
    this.clock.pause(Number.POSITIVE_INFINITY);
  }
}

class SilentEvents extends KeyEvents {
  override report(): void {
    // Nobody listens.
  }
}

function criticalIssuer(id: string) {
  return anIssuer({
    id,
    issuer: `https://${id}.example`,
    keys: { kind: 'jwksUri', url: `https://${id}.example/jwks` },
    freshness: defaultFreshness,
    keySourceFingerprint: id,
    criticality: 'critical',
  });
}
