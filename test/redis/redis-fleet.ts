import { ChangeLog } from '../../src/changes/change-log.js';
import { RedisChangeStore } from '../../src/changes/redis-change-store.js';
import { defaultFreshness } from '../../src/issuers/freshness.config.js';
import type { Freshness } from '../../src/issuers/issuer.js';
import { AutonomousKeyStore } from '../../src/keys/fleet/autonomous-key-store.js';
import { FleetMembers } from '../../src/keys/fleet/fleet-members.js';
import { FleetNews } from '../../src/keys/fleet/fleet-news.js';
import { redisKeyNames } from '../../src/keys/store/redis-key-names.js';
import type { RedisKeyStore } from '../../src/keys/store/redis-key-store.js';
import { RecordMac } from '../../src/redis/record-mac.js';
import type { RedisLink } from '../../src/redis/redis-link.js';
import { LoggedDeniedKeys } from '../../src/revocation/logged-denied-keys.js';
import { FakeClock } from '../fakes/fake-clock.js';
import type { FakeKey } from '../fakes/fake-issuer.js';
import { FakeKeySource } from '../fakes/fake-key-source.js';
import { headerOf, KeyWorld } from '../keys/support/key-world.js';
import { timedIssuer } from '../keys/support/timed-world.js';
import { aRedisKeyStore, testEnvironment, testNames, testRecordKey } from './a-redis-key-store.js';

const STEP_MS = 1_000;
const mac = new RecordMac(testEnvironment, [testRecordKey]);

/** One replica, and what it knows of what others tell. */
export interface FleetReplica extends KeyWorld {
  readonly log: ChangeLog;
  readonly denied: LoggedDeniedKeys;
}

/** Replicas over a real Redis, on a clock that the test moves, with one issuer that it watches. */
export class RedisFleet {
  readonly clock = new FakeClock();
  readonly source = new FakeKeySource(this.clock);
  readonly names = redisKeyNames(testNames, timedIssuer('h').keySourceFingerprint);
  readonly replicas: FleetReplica[] = [];
  /** How far the clock of Redis is ahead of all others. */
  redisAheadMs = 0;
  /** What somebody else does before each operation of a replica, and after it. */
  interfere: () => Promise<unknown> = () => Promise.resolve();
  private readonly link: RedisLink;
  private pending = 0;

  constructor(
    link: RedisLink,
    readonly freshness: Partial<Freshness> = {},
  ) {
    const run: RedisLink['run'] = async (...operation) => {
      this.pending++;
      try {
        await this.interfere();
        const reply = await link.run(...operation);
        await this.interfere();
        return reply;
      } finally {
        this.pending--;
      }
    };
    this.link = Object.assign(Object.create(link) as RedisLink, { run });
  }

  get redisNowMs(): number {
    return this.clock.wallMs() + this.redisAheadMs;
  }

  /** The shared store as it is, without a replica around it. */
  sharedStore(announce?: (hint: string, instead: string) => void): RedisKeyStore {
    const nowMs = (): number => this.redisNowMs;
    return aRedisKeyStore(this.link, { mac, nowMs, random: () => 0.5, ...(announce && { announce }) });
  }

  /** Starts a replica that remembers nothing. */
  start(): FleetReplica {
    const { clock } = this;
    const store = new RedisChangeStore({ primary: this.link, names: testNames, nowMs: () => this.redisNowMs });
    const log = new ChangeLog({ store, mac, clock, onRefused: () => undefined, random: () => 0.5 });
    const events: { report: KeyWorld['events']['report'] } = {
      report: (event) => {
        world.events.report(event);
      },
    };
    const shared = this.sharedStore((hint, instead) => void log.offer('keys', hint, [instead]));
    const parts = { clock, members: new TwoReplicas(), events, random: () => 0.5 };
    const world = new KeyWorld([timedIssuer('h', { ...defaultFreshness, ...this.freshness })], {
      clock,
      store: new AutonomousKeyStore(shared, parts),
      shared: { log, news: new NoNews() },
      sourceOf: () => this.source,
      random: () => 0.5,
    });
    world.keys.start();
    const replica = Object.assign(world, { log, denied: new LoggedDeniedKeys({ log, clock }) });
    void log.start();
    this.replicas.push(replica);
    return replica;
  }

  stop(): void {
    for (const { keys, log } of this.replicas) {
      keys.stop();
      log.stop();
    }
  }

  /** Moves the clock on; what Redis is asked, and what cryptography has to do, ends in the step in which it began. */
  async pass(seconds: number, check: () => void = () => undefined): Promise<void> {
    for (let leftMs = seconds * 1_000; leftMs > 0; leftMs -= STEP_MS) {
      await this.clock.advance(Math.min(leftMs, STEP_MS));
      for (let quietTurns = 0; quietTurns < 4; quietTurns++) {
        if (this.isBusy) quietTurns = 0;
        await new Promise((resolve) => setImmediate(resolve));
      }
      check();
    }
  }

  /** Whether tokens of `key` are verified from memory now; `unavailable`: no key set may be trusted. */
  accepts({ keys, issuers }: KeyWorld, key: FakeKey): boolean | 'unavailable' {
    const known = keys.known(issuers.byId('h')!, headerOf(key));
    return known ? known.length > 0 : 'unavailable';
  }

  private get isBusy(): boolean {
    const ended = this.replicas.reduce((sum, { events }) => sum + events.results('h').length, 0);
    return this.pending > 0 || ended < this.source.answers;
  }
}

class TwoReplicas extends FleetMembers {
  override readonly size = 2;
  override start(): void {
    // Counted already.
  }
  override async stop(): Promise<void> {
    // Counted for ever.
  }
}

/** Hints come from the log alone. */
class NoNews extends FleetNews {
  override readonly silentForMs = 0;
  override onHint(): void {
    // Nothing is heard.
  }
  override start(): void {
    // Nothing is heard.
  }
  override async stop(): Promise<void> {
    // Nothing was heard.
  }
}
