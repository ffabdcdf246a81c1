import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChangeLog } from '../../src/changes/change-log.js';
import { RedisChangeStore } from '../../src/changes/redis-change-store.js';
import { FleetFollower } from '../../src/keys/fleet/fleet-follower.js';
import type { FleetNews } from '../../src/keys/fleet/fleet-news.js';
import { RedisFleetMembers } from '../../src/keys/fleet/redis-fleet-members.js';
import type { KeyRefresher } from '../../src/keys/refresh/key-refresher.js';
import { RecordMac } from '../../src/redis/record-mac.js';
import { LoggedDeniedKeys } from '../../src/revocation/logged-denied-keys.js';
import { FormerDenials } from '../../src/revocation/redis-former-denials.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { testEnvironment, testNames, testRecordKey } from './a-redis-key-store.js';
import { RedisWorld } from './redis-world.js';

const SECONDS = 60;

/** Hears nothing: what comes by publication costs no command of a replica. */
const silence = { onHint: () => undefined } as unknown as FleetNews;

/** One replica with nothing to do but to follow the others, and so many issuers in use. */
class IdleReplica {
  private readonly log: ChangeLog;
  private readonly members: RedisFleetMembers;
  private readonly former: FormerDenials;

  constructor(
    world: RedisWorld,
    private readonly clock: FakeClock,
    replica: string,
    issuers: number,
  ) {
    const { link } = world;
    const mac = new RecordMac(testEnvironment, [testRecordKey]);
    const store = new RedisChangeStore({ primary: link, names: testNames });
    this.log = new ChangeLog({ store, mac, clock, onRefused: () => undefined, random: () => 0.5 });
    const keys = new LoggedDeniedKeys({ log: this.log, clock });
    this.former = new FormerDenials({ link, mac, clock, keys });
    this.members = new RedisFleetMembers({ link, names: testNames, clock, replica });
    const follower = new FleetFollower(silence, clock);
    for (let i = 0; i < issuers; i++) {
      const refresher = { source: `issuer ${i}`, usedAtMs: clock.monoMs() };
      follower.add(refresher as KeyRefresher);
    }
    this.log.followHints('keys', follower);
    follower.start();
  }

  async start(): Promise<void> {
    await this.log.start();
    await this.former.start();
    this.members.start();
    await this.clock.advance(0);
  }

  async stop(): Promise<void> {
    this.log.stop();
    this.former.stop();
    await this.members.stop();
  }
}

describe('what idle replicas ask of Redis', () => {
  let world: RedisWorld;

  beforeAll(async () => {
    world = await RedisWorld.start();
  });
  afterAll(() => world.stop());

  /** Commands that were sent; what scripts call inside of Redis is not among them. */
  async function sent(): Promise<number> {
    const stats = await world.hand.info('commandstats');
    return [...stats.matchAll(/^cmdstat_(\w+)(?:\|\w+)?:calls=(\d+)/gm)]
      .filter(([, name]) => ['evalsha', 'eval', 'zrem', 'publish'].includes(name!))
      .reduce((sum, [, , calls]) => sum + Number(calls), 0);
  }

  async function perSecond(replicas: number, issuers: number): Promise<number> {
    await world.reset();
    const clock = new FakeClock();
    const all = Array.from({ length: replicas }, (_, i) => new IdleReplica(world, clock, `replica-${i}`, issuers));
    for (const one of all) await one.start();
    const before = await sent();
    for (let i = 0; i < SECONDS; i++) {
      await clock.advance(1_000);
      // What a tick has sent is answered before the next one: the connection keeps the order.
      await world.link.client.ping();
    }
    const commands = (await sent()) - before;
    for (const one of all) await one.stop();
    return commands / SECONDS;
  }

  it('is the same for ten issuers and for ten thousand', async () => {
    const rows: Record<string, Record<string, number>> = {};
    for (const replicas of [2, 8]) {
      const row: Record<string, number> = {};
      for (const issuers of [10, 1_000, 10_000]) row[`${issuers} issuers`] = await perSecond(replicas, issuers);
      rows[`${replicas} replicas`] = row;
    }
    process.stdout.write(`commands a second at Redis: ${JSON.stringify(rows)}\n`);

    for (const [name, row] of Object.entries(rows)) {
      const each = Object.values(row).map((rate) => rate / Number.parseInt(name));
      expect(Math.max(...each) - Math.min(...each)).toBeLessThan(0.1);
      expect(Math.max(...each)).toBeLessThan(1.5);
    }
  }, 60_000);
});
