import { beforeEach, describe, expect, it } from 'vitest';
import { LONGEST_HARD_TTL_MS } from '../../src/issuers/freshness.config.js';
import type { FetchPermit } from '../../src/keys/store/key-store.js';
import { draftAt } from '../conformance/key-store-probe.js';

import { ReplicaOfFour, timing } from './support/replica-of-four.js';

const HOUR_MS = 3_600_000;

describe('what a replica believes of clocks and budgets that it shares', () => {
  let replica: ReplicaOfFour;
  let clock: ReplicaOfFour['clock'];
  let storeClock: ReplicaOfFour['storeClock'];
  let shared: ReplicaOfFour['shared'];
  let store: ReplicaOfFour['store'];

  const wish: ReplicaOfFour['wish'] = (...args) => replica.wish(...args);
  const granted: ReplicaOfFour['granted'] = (...args) => replica.granted(...args);
  const commit: ReplicaOfFour['commit'] = (...args) => replica.commit(...args);
  const names: ReplicaOfFour['names'] = () => replica.names();

  beforeEach(() => {
    replica = new ReplicaOfFour();
    ({ clock, storeClock, shared, store } = replica);
  });

  describe('a record of others', () => {
    const sharedAt = async (validatedAtMs: number): Promise<void> => {
      const permit = (await shared.acquire('s', {
        kind: 'confirm',
        knownFence: 0,
        dueAfterMs: 0,
        timing,
      })) as FetchPermit;
      const draft = draftAt(validatedAtMs, 'a');
      await shared.commit('s', { fence: permit.fence, baseFence: permit.baseFence, draft, hardTtlMs: 1e12 });
    };
    const ageMs = async (): Promise<number | undefined> => {
      const loaded = await store.load('s');
      return loaded && loaded.storeNowMs - loaded.record.validatedAtMs;
    };

    beforeEach(() => {
      storeClock.aheadMs = 0;
    });

    it('is as old as our wall clock says where the clock of the store was set back', async () => {
      const withdrawnAtMs = clock.wallMs();
      await clock.advance(3 * timing.hardTtlMs);
      storeClock.aheadMs = -3 * timing.hardTtlMs;
      await sharedAt(withdrawnAtMs);

      expect(await ageMs()).toBe(3 * timing.hardTtlMs);
    });

    it('is as old as the clock of the store says where our wall clock is an hour behind', async () => {
      await sharedAt(storeClock.monoMs() - 60_000);
      clock.stepWall(-HOUR_MS);
      storeClock.aheadMs = 0;

      expect(await ageMs()).toBeGreaterThanOrEqual(LONGEST_HARD_TTL_MS);
      clock.stepWall(HOUR_MS);
      expect(await ageMs()).toBe(60_000);
    });

    it('is older than any key may live where it is dated ahead, and the next fetch replaces it', async () => {
      storeClock.aheadMs = HOUR_MS;
      await sharedAt(storeClock.monoMs());
      storeClock.aheadMs = 0;

      expect(await ageMs()).toBeGreaterThanOrEqual(LONGEST_HARD_TTL_MS);
      await commit(await granted('refresh', (await store.load('s'))!.record.fence));
      expect(await ageMs()).toBe(0);
    });

    it('keeps its age whatever our wall clock does after it was taken over', async () => {
      await sharedAt(storeClock.monoMs());
      expect(await ageMs()).toBe(0);
      clock.stepWall(HOUR_MS);
      expect(await ageMs()).toBe(0);
      clock.stepWall(-2 * HOUR_MS);
      await clock.advance(1_000);
      expect(await ageMs()).toBe(1_000);
    });
  });

  it('stores nothing while the clocks are apart, decides alone, and says so once', async () => {
    storeClock.aheadMs = HOUR_MS;
    const permit = await granted('refresh');
    expect(permit.isOwn).toBe(true);
    await store.commit('s', { ...permit, draft: draftAt(permit.atMs, 'a'), hardTtlMs: timing.hardTtlMs });

    expect(await shared.load('s')).toBeUndefined();
    expect(names()).toEqual(['clocks_apart']);

    storeClock.aheadMs = 0;
    await clock.advance(timing.minSpacingMs);
    const again = await granted('confirm', permit.fence);
    expect(again.isOwn).toBeUndefined();
    expect(names()).toEqual(['clocks_apart', 'clocks_apart']);
  });

  it('starts no more fetches for unknown keys than its own budget allows, whatever the store grants', async () => {
    let fetches = 0;
    for (let second = 0; second < 120; second += 1) {
      // Somebody deletes the shared budget again and again.
      shared.forgetAll();
      const verdict = await wish('miss');
      if (verdict.verdict === 'GRANT') fetches += 1;
      await clock.advance(1_000);
    }

    expect(fetches).toBeLessThanOrEqual(timing.missBurst + Math.ceil(120_000 / timing.missCooldownMs));
  });
});
