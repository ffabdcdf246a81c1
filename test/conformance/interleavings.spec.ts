import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FetchPermit, KeyStore } from '../../src/keys/store/key-store.js';
import { LEASE_MS } from '../../src/keys/key-timing.js';
import { MemoryKeyStore } from '../../src/keys/store/memory-key-store.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { aRedisKeyStore, StoreTime } from '../redis/a-redis-key-store.js';
import { RedisWorld } from '../redis/redis-world.js';
import { draftAt, timing } from './key-store-probe.js';

/** How a granted fetch ends: stored, failed, or vanished. */
const endings = ['commit', 'fail', 'vanish'] as const;
/** Time before a step: none, or enough for a lease to end. */
const pauses = [0, LEASE_MS + 1_000] as const;

/** One order of the steps of all clients, with the time before each and the ending of each fetch. */
interface Schedule {
  readonly order: readonly number[];
  readonly pausesMs: readonly number[];
  readonly endings: readonly (typeof endings)[number][];
}

/** Every schedule of `clients` that each ask once, and then end what they were granted. */
function* schedules(clients: number): Generator<Schedule> {
  for (const order of orders(Array.from({ length: clients }, () => 2))) {
    for (const pausesMs of tuples(pauses, order.length)) {
      for (const chosen of tuples(endings, clients)) yield { order, pausesMs, endings: chosen };
    }
  }
}

/** Clients are alike: who comes first is called 0, and so on. */
function* orders(left: readonly number[]): Generator<readonly number[]> {
  if (left.every((steps) => steps === 0)) yield [];
  for (const [client, steps] of left.entries()) {
    if (steps === 0) continue;
    if (left.slice(0, client).includes(2)) break;
    for (const rest of orders(left.with(client, steps - 1))) yield [client, ...rest];
  }
}

function* tuples<T>(values: readonly T[], length: number): Generator<readonly T[]> {
  if (length === 0) yield [];
  else for (const first of values) for (const rest of tuples(values, length - 1)) yield [first, ...rest];
}

interface Subject {
  readonly store: KeyStore;
  readonly nowMs: () => number;
  readonly pass: (ms: number) => void;
}

/** What was seen over all schedules, so that a suite that never met a zombie fails. */
class Tally {
  readonly commits = new Map<string, number>();
  schedules = 0;

  count(verdict: string): void {
    this.commits.set(verdict, (this.commits.get(verdict) ?? 0) + 1);
  }
}

async function run({ store, nowMs, pass }: Subject, schedule: Schedule, tally: Tally): Promise<void> {
  const granted = new Map<number, FetchPermit>();
  const asked = new Set<number>();
  let holder: { readonly fence: number; readonly sinceMs: number } | undefined;

  const ask = async (client: number): Promise<void> => {
    const knownFence = (await store.load('s'))?.record.fence ?? 0;
    const verdict = await store.acquire('s', { kind: 'confirm', knownFence, dueAfterMs: 0, timing });
    if (verdict.verdict !== 'GRANT') return;
    if (holder) expect(nowMs() - holder.sinceMs).toBeGreaterThanOrEqual(LEASE_MS);
    expect(verdict.baseFence).toBe(knownFence);
    holder = { fence: verdict.fence, sinceMs: nowMs() };
    granted.set(client, verdict);
  };

  const commit = async ({ fence, baseFence, atMs }: FetchPermit): Promise<void> => {
    const before = (await store.load('s'))?.record;
    const draft = draftAt(atMs, `fetch ${fence}`);
    const verdict = await store.commit('s', { fence, baseFence, draft, hardTtlMs: timing.hardTtlMs });
    const after = (await store.load('s'))?.record;
    tally.count(verdict);
    if (verdict !== 'OK') {
      expect(after).toEqual(before);
      return;
    }
    // I8: what is replaced is what the merge started from, and it is older.
    expect(before?.fence ?? 0).toBe(baseFence);
    expect(before?.fence ?? 0).toBeLessThan(fence);
    expect(before?.validatedAtMs ?? -1).toBeLessThan(atMs);
    expect(after).toEqual({ ...draft, fence });
  };

  const end = async (client: number): Promise<void> => {
    const grant = granted.get(client);
    const ending = schedule.endings[client];
    if (!grant || ending === 'vanish') return;
    const before = (await store.load('s'))?.record;
    if (ending === 'commit') await commit(grant);
    else {
      await store.fail('s', { fence: grant.fence, timing });
      expect((await store.load('s'))?.record).toEqual(before);
    }
    if (holder?.fence === grant.fence) holder = undefined;
  };

  for (const [i, client] of schedule.order.entries()) {
    pass(schedule.pausesMs[i]!);
    await (asked.has(client) ? end(client) : ask(client));
    asked.add(client);
  }
  tally.schedules += 1;
}

describe('I8 every interleaving of fetches', () => {
  let world: RedisWorld;

  beforeAll(async () => {
    world = await RedisWorld.start();
  });

  afterAll(() => world.stop());

  it('of three clients of the store in memory', async () => {
    const tally = new Tally();
    for (const schedule of schedules(3)) {
      let nowMs = 1_000_000;
      const clock = Object.assign(new FakeClock(), { monoMs: () => nowMs });
      await run({ store: new MemoryKeyStore(clock), nowMs: () => nowMs, pass: (ms) => (nowMs += ms) }, schedule, tally);
    }

    expect(tally.schedules).toBe(15 * 64 * 27);
    expect([...tally.commits.keys()].sort()).toEqual(['OK', 'REBASE', 'STALE']);
  }, 120_000);

  it('of two clients of the scripts in Redis', async () => {
    const tally = new Tally();
    for (const schedule of schedules(2)) {
      await world.hand.flushall();
      const time = new StoreTime();
      const store = aRedisKeyStore(world.link, { nowMs: time.now });
      await run({ store, nowMs: time.now, pass: (ms) => (time.ms += ms) }, schedule, tally);
    }

    expect(tally.schedules).toBe(3 * 16 * 9);
    expect([...tally.commits.keys()].sort()).toEqual(['OK', 'REBASE', 'STALE']);
  }, 120_000);
});
