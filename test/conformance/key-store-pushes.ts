import { beforeEach, describe, expect, it } from 'vitest';
import { StoreProbe, draftAt, timing, type StoreUnderTest } from './key-store-probe.js';

/** What a {@link KeyStore} does with fetches that it did not grant. Part of {@link keyStoreConformance}. */
export function keyStorePushes(make: () => Promise<StoreUnderTest>): void {
  let probe: StoreProbe;
  const push = (validatedAtMs: number) => probe.store.acquire('s', { kind: 'push', validatedAtMs });

  beforeEach(async () => {
    probe = new StoreProbe(await make());
  });

  describe('push', () => {
    it('stores what was seen without the store, and names the record to put it on', async () => {
      const { fence, atMs } = await probe.committed('s');
      await probe.advance(60_000);
      const verdict = await push(atMs + 30_000);

      expect(verdict).toMatchObject({ verdict: 'GRANT', baseFence: fence });
      if (verdict.verdict !== 'GRANT') return;
      expect(verdict.fence).toBeGreaterThan(fence);
      expect(await probe.commit('s', { ...verdict, atMs: atMs + 30_000 }, 'b')).toBe('OK');
      expect((await probe.store.load('s'))?.record).toEqual({ ...draftAt(atMs + 30_000, 'b'), fence: verdict.fence });
    });

    it('refuses what is not younger than its record', async () => {
      const { atMs } = await probe.committed('s');
      await probe.advance(60_000);

      expect(await push(atMs)).toEqual({ verdict: 'OLDER' });
      expect(await push(atMs - 1)).toEqual({ verdict: 'OLDER' });
    });

    it('waits for a fetch that is under way', async () => {
      const { atMs } = await probe.granted('s');

      expect(await push(atMs - 10_000)).toMatchObject({ verdict: 'BUSY' });
    });

    it('costs no fetch and keeps nobody out', async () => {
      const { fence, atMs } = await probe.committed('s');
      await probe.advance(2_000);
      await push(atMs + 1_000);

      await probe.granted('s', 'miss', fence);
    });

    it('leaves the backoff of a failing issuer alone', async () => {
      const failed = await probe.granted('s');
      await probe.store.fail('s', { fence: failed.fence, timing, retryAfterMs: 60_000 });
      await probe.advance(2_000);
      const verdict = await push(failed.atMs + 1_000);

      expect(verdict.verdict).toBe('GRANT');
      if (verdict.verdict !== 'GRANT') return;
      expect(await probe.commit('s', verdict)).toBe('OK');
      expect(await probe.wish('s', 'refresh', verdict.fence)).toMatchObject({ verdict: 'BACKOFF' });
    });

    it('ends the lease of a fetch that was given up, without a backoff', async () => {
      const given = await probe.granted('s');
      const pauseMs = await probe.store.fail('s', { fence: given.fence, timing, isAbandoned: true });
      await probe.advance(2_000);

      expect(pauseMs).toBe(0);
      await probe.granted('s');
    });
  });
}
