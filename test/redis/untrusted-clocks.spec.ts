import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { shifted } from '../../src/keys/fleet/store-time.js';
import { timedIssuer } from '../keys/support/timed-world.js';
import { RedisFleet, type FleetReplica } from './redis-fleet.js';
import { RedisWorld } from './redis-world.js';

const minute = 60;
const hardTtlMs = 20 * minute * 1_000;
const yearMs = 365 * 24 * 3_600_000;
const source = timedIssuer('h').keySourceFingerprint;

describe('a Redis whose clock was set', () => {
  let world: RedisWorld;
  let fleet: RedisFleet;

  beforeAll(async () => {
    world = await RedisWorld.start();
  });
  beforeEach(async () => {
    await world.reset();
    fleet = new RedisFleet(world.link, { hardTtlMs });
  });
  afterEach(() => {
    fleet.stop();
  });
  afterAll(() => world.stop());

  const apart = ({ events }: FleetReplica) =>
    events.all.flatMap((event) => (event.event === 'clocks_apart' ? event.entered : []));

  describe('a record is replayed under a clock that was set back to its time', () => {
    it.each([
      ['away', false],
      ['there', true],
    ])(
      'I4 I5 a withdrawn key stays refused at a fresh and at a warm replica, with the issuer %s',
      async (_is, isUp) => {
        const lasting = await fleet.source.publish('lasting');
        const stolen = await fleet.source.publish('stolen');
        const warm = fleet.start();
        await fleet.pass(10);
        expect(fleet.accepts(warm, stolen)).toBe(true);
        const recorded = await world.hand.dumpBuffer(fleet.names.record);
        const recordedAtMs = fleet.clock.wallMs();

        fleet.source.withdraw(stolen);
        await fleet.pass(6 * minute);
        expect(fleet.accepts(warm, stolen)).toBe(false);
        fleet.source.fail('connect');
        await fleet.pass((3 * hardTtlMs) / 1_000);
        fleet.redisAheadMs = recordedAtMs - fleet.clock.wallMs();
        await world.hand.restore(fleet.names.record, 0, recorded, 'REPLACE');
        if (isUp) fleet.source.recover();
        const fresh = fleet.start();
        const seen = new Set<unknown>();
        await fleet.pass(3 * minute, () => {
          for (const replica of [fresh, warm]) seen.add(fleet.accepts(replica, stolen));
        });

        expect(seen).not.toContain(true);
        // What the issuer says itself is believed whatever clocks say, for as long as our own monotonic one allows.
        expect(fleet.accepts(fresh, lasting)).toBe(isUp || 'unavailable');
        expect(apart(fresh)).toEqual([true]);
      },
    );
  });

  describe('a record is dated a year ahead', () => {
    /** What a replica without this rule has stored while Redis was a year ahead. */
    const storeInTheFuture = async (): Promise<void> => {
      fleet.redisAheadMs = yearMs;
      const store = fleet.sharedStore();
      const loaded = await store.load(source);
      const draft = shifted(loaded!.record, yearMs, Number.POSITIVE_INFINITY);
      const permit = await store.acquire(source, { kind: 'push', validatedAtMs: draft.validatedAtMs });
      if (permit.verdict !== 'GRANT') throw new Error(permit.verdict);
      expect(await store.commit(source, { ...permit, draft, hardTtlMs })).toBe('OK');
      fleet.redisAheadMs = 0;
    };

    it('I4 it is trusted by nobody, and hardTtl counts from the last proof', async () => {
      const lasting = await fleet.source.publish('lasting');
      const warm = fleet.start();
      await fleet.pass(10);
      const provenAtS = fleet.source.fetches.at(-1)! / 1_000;
      await storeInTheFuture();
      fleet.source.fail('connect');
      const fresh = fleet.start();
      const seen = new Set<unknown>();
      await fleet.pass(provenAtS + hardTtlMs / 1_000 - fleet.clock.monoMs() / 1_000 - 5, () => {
        seen.add(fleet.accepts(fresh, lasting));
      });
      expect([...seen]).toEqual(['unavailable']);
      expect(fleet.accepts(warm, lasting)).toBe(true);

      await fleet.pass(10);
      expect(fleet.accepts(warm, lasting)).toBe('unavailable');
    });

    it('I5 it is replaced by the first fetch, and what it says of removed keys holds', async () => {
      await fleet.source.publish('lasting');
      const stolen = await fleet.source.publish('stolen');
      fleet.start();
      await fleet.pass(10);
      fleet.source.withdraw(stolen);
      await fleet.pass(6 * minute);
      fleet.stop();
      await storeInTheFuture();
      // One edge of the issuer still shows the key that was removed.
      fleet.source.publishAgain(stolen);
      const fresh = fleet.start();
      await fleet.pass(10);

      expect(fleet.accepts(fresh, stolen)).toBe(false);
      const stored = await fleet.sharedStore().load(source);
      expect(stored!.storeNowMs - stored!.record.validatedAtMs).toBeLessThanOrEqual(10_000);
    });
  });

  it('stores nothing while it is an hour ahead, and replicas fetch for themselves; then they share again', async () => {
    const first = await fleet.source.publish('first');
    const warm = fleet.start();
    await fleet.pass(10);
    const before = await world.hand.hgetall(fleet.names.record);
    fleet.redisAheadMs = 3_600_000;
    const fresh = fleet.start();
    const next = await fleet.source.publish('next');
    await fleet.pass(6 * minute);

    expect([fresh, warm].map((replica) => fleet.accepts(replica, next))).toEqual([true, true]);
    expect([fresh, warm].map((replica) => fleet.accepts(replica, first))).toEqual([true, true]);
    expect(await world.hand.hgetall(fleet.names.record)).toEqual(before);
    expect([fresh, warm].map(apart)).toEqual([[true], [true]]);

    fleet.redisAheadMs = 0;
    await fleet.pass(6 * minute);
    expect([fresh, warm].map(apart)).toEqual([
      [true, false],
      [true, false],
    ]);
    expect(Number((await world.hand.hgetall(fleet.names.record))['f'])).toBeGreaterThan(Number(before['f']));
  });
});
