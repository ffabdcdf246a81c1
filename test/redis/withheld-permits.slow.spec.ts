import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { defaultFreshness } from '../../src/issuers/freshness.config.js';
import { longestHonestWaitMs } from '../../src/keys/fleet/withheld-permits.js';
import { FETCH_DEADLINE_MS, timingOf } from '../../src/keys/key-timing.js';
import { aDecision } from '../conformance/denied-keys.js';
import { unknownHeader } from '../keys/support/key-world.js';
import { RedisFleet, type FleetReplica } from './redis-fleet.js';
import { RedisWorld } from './redis-world.js';

const timing = timingOf(defaultFreshness);
/** The wait, and the tenth by which replicas are spread. In seconds. */
const withheldS = (1.1 * longestHonestWaitMs(timing)) / 1_000;
const refreshS = timing.refreshMs / 1_000;
const fetchS = FETCH_DEADLINE_MS / 1_000;

/** Numbers that a script of ours could have written at this moment, or a second ago. */
const attacks: readonly (readonly [string, (nowMs: number) => Record<string, number>])[] = [
  ['a lease', (nowMs) => ({ lf: nowMs, lx: nowMs + 4_500 })],
  ['a backoff', (nowMs) => ({ fc: 8, na: nowMs + 295_000, ra: nowMs + 295_000 })],
  ['a fetch a moment ago', (nowMs) => ({ ls: nowMs - 1_000 })],
  [
    'all of it',
    (nowMs) => ({ lf: nowMs, lx: nowMs + 4_500, fc: 8, na: nowMs + 295_000, ls: nowMs - 1_000, tat: nowMs + 85_000 }),
  ],
];

describe('a budget in Redis that somebody rewrites all the time', () => {
  let world: RedisWorld;
  let fleet: RedisFleet;

  beforeAll(async () => {
    world = await RedisWorld.start();
  });
  beforeEach(async () => {
    await world.reset();
    fleet = new RedisFleet(world.link);
  });
  afterEach(() => {
    fleet.stop();
  });
  afterAll(() => world.stop());

  /** Nothing of a replica comes between two writings. */
  const attackWith = (numbers: (nowMs: number) => Record<string, number>): void => {
    fleet.interfere = () => world.hand.hset(fleet.names.budget, numbers(fleet.redisNowMs));
  };
  const withheld = ({ events }: FleetReplica) => events.all.filter(({ event }) => event === 'permits_withheld');

  it.each(attacks)(
    '%s: a new key works in time at a warm replica, and the issuer is spared',
    async (_what, numbers) => {
      await fleet.source.publish('first');
      const replicas = [fleet.start(), fleet.start()];
      await fleet.pass(10);
      attackWith(numbers);
      const next = await fleet.source.publish('next');
      await fleet.pass(refreshS + withheldS + fetchS);
      expect(replicas.map((replica) => fleet.accepts(replica, next))).toEqual([true, true]);
      expect(replicas.flatMap(withheld).length).toBeGreaterThan(0);

      const fetches = fleet.source.fetches.length;
      await fleet.pass(1_800);
      const most = replicas.length * Math.ceil(1_800 / (0.9 * refreshS + withheldS / 1.1));
      expect(fleet.source.fetches.length - fetches).toBeLessThanOrEqual(most);
      expect(fleet.source.fetches.length - fetches).toBeGreaterThan(1);
    },
  );

  it.each(attacks)('%s: a fresh replica has keys in time, with nothing in Redis', async (_what, numbers) => {
    const first = await fleet.source.publish('first');
    attackWith(numbers);
    const fresh = fleet.start();
    await fleet.pass(withheldS + fetchS);

    expect(fleet.accepts(fresh, first)).toBe(true);
    expect(fleet.source.fetches).toHaveLength(1);
  });

  it('all of it, under a flood of unknown keys: no replica fetches more than once in the wait', async () => {
    await fleet.source.publish('first');
    const replicas = [fleet.start(), fleet.start()];
    await fleet.pass(10);
    attackWith(attacks.at(-1)![1]);
    const fetches = fleet.source.fetches.length;
    let made = 0;
    await fleet.pass(1_800, () => {
      for (const replica of replicas) void replica.verdict('h', unknownHeader(`made-up-${made++}`));
    });

    const most = replicas.length * Math.ceil(1_800 / (longestHonestWaitMs(timing) / 1_000));
    expect(fleet.source.fetches.length - fetches).toBeLessThanOrEqual(most);
  });

  it('emptied all the time, under a flood of unknown keys: no replica fetches more than its own budget allows', async () => {
    await fleet.source.publish('first');
    const replica = fleet.start();
    await fleet.pass(10);
    fleet.interfere = () => world.hand.del(fleet.names.budget);
    const fetches = fleet.source.fetches.length;
    let made = 0;
    await fleet.pass(600, () => void replica.verdict('h', unknownHeader(`made-up-${made++}`)));

    const scheduled = Math.ceil(600 / (0.9 * refreshS)) + 1;
    const most = timing.missBurst + 600_000 / timing.missCooldownMs + scheduled;
    expect(fleet.source.fetches.length - fetches).toBeLessThanOrEqual(most);
  });

  it('all of it: a denial reaches every replica as soon as ever', async () => {
    const key = await fleet.source.publish('first');
    const [here, there] = [fleet.start(), fleet.start()];
    await fleet.pass(10);
    attackWith(attacks.at(-1)![1]);
    await here.denied.record(aDecision({ issuerId: 'h', thumbprint: key.kid }));
    await fleet.pass(7);

    expect(there.denied.list().map(({ thumbprint }) => thumbprint)).toEqual([key.kid]);
  });

  it('an issuer that is away is left alone ever longer', async () => {
    fleet.source.fail('connect');
    attackWith(attacks.at(-1)![1]);
    fleet.start();
    await fleet.pass(3_600);

    const atMs = [0, ...fleet.source.fetches];
    const pausesS = atMs.slice(1).map((ms, i) => (ms - atMs[i]!) / 1_000);
    expect(pausesS).toHaveLength(3);
    for (const [i, pauseS] of pausesS.entries()) {
      const shortestS = (2 ** i * longestHonestWaitMs(timing)) / 1_000;
      expect(pauseS).toBeGreaterThanOrEqual(shortestS);
      // A tenth of spread, a fetch that fails, and what comes due between two of them.
      expect(pauseS).toBeLessThan(1.1 * shortestS + refreshS);
    }
  });
});
