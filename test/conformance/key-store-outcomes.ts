import { beforeEach, describe, expect, it } from 'vitest';
import { StoreProbe, timing, type StoreUnderTest } from './key-store-probe.js';

/** How the fetches that a {@link KeyStore} granted may end. Part of {@link keyStoreConformance}. */
export function keyStoreOutcomes(make: () => Promise<StoreUnderTest>): void {
  let probe: StoreProbe;

  beforeEach(async () => {
    probe = new StoreProbe(await make());
  });

  describe('commit', () => {
    it('I8 drops a fetch that was overtaken', async () => {
      const zombie = await probe.granted('s');
      await probe.advance(6_000);
      await probe.committed('s', 'b');

      expect(await probe.commit('s', zombie)).toBe('STALE');
      expect((await probe.store.load('s'))?.record.keys[0]?.thumbprint).toBe('b');
    });

    it('I8 asks to start over from the record that there is now', async () => {
      const slow = await probe.granted('s');
      await probe.advance(6_000);
      const late = await probe.granted('s');
      expect(await probe.commit('s', slow)).toBe('OK');

      expect(await probe.commit('s', late, 'b')).toBe('REBASE');
      expect((await probe.store.load('s'))?.record.keys[0]?.thumbprint).toBe('a');
      expect(await probe.commit('s', { ...late, baseFence: slow.fence }, 'b')).toBe('OK');
    });

    it('I4 does not store what has expired meanwhile', async () => {
      const grant = await probe.granted('s');
      await probe.advance(timing.hardTtlMs);

      expect(await probe.commit('s', grant)).toBe('TOO_OLD');
      expect(await probe.store.load('s')).toBeUndefined();
    });
  });

  describe('fail', () => {
    it('D1 charges a failed fetch like any other', async () => {
      const { fence } = await probe.granted('s');
      await probe.store.fail('s', { fence, timing });

      expect(await probe.wish('s', 'refresh')).toMatchObject({ verdict: 'BACKOFF' });
      expect(await probe.wish('s', 'miss')).toMatchObject({ verdict: 'BACKOFF' });
    });

    it('backs off longer with each failure, up to a minute, and forgets it after a success', async () => {
      const pauses: number[] = [];
      for (let i = 0; i < 8; i++) {
        const { fence } = await probe.granted('s');
        const pauseMs = await probe.store.fail('s', { fence, timing });
        pauses.push(pauseMs);
        await probe.advance(Math.max(pauseMs, 2_000) + 1);
      }

      for (const [i, pauseMs] of pauses.entries()) {
        const fullMs = Math.min(2_000 * 2 ** i, 60_000);
        expect(pauseMs).toBeGreaterThanOrEqual(fullMs / 2);
        expect(pauseMs).toBeLessThanOrEqual(fullMs);
      }
      const { fence } = await probe.committed('s');
      await probe.advance(300_000);
      const again = await probe.granted('s', 'refresh', fence);
      expect(await probe.store.fail('s', { fence: again.fence, timing })).toBeLessThanOrEqual(2_000);
    });

    it('R9110-03 waits at least as long as the issuer asks', async () => {
      const { fence } = await probe.granted('s');

      expect(await probe.store.fail('s', { fence, timing, retryAfterMs: 90_000 })).toBe(90_000);
    });

    it('D5 leaves the record as it is', async () => {
      const { fence } = await probe.committed('s');
      const before = (await probe.store.load('s'))?.record;
      await probe.advance(300_000);
      const next = await probe.granted('s', 'refresh', fence);
      await probe.store.fail('s', { fence: next.fence, timing });

      expect((await probe.store.load('s'))?.record).toEqual(before);
    });

    it('I8 lets a zombie penalize nobody', async () => {
      const zombie = await probe.granted('s');
      await probe.advance(6_000);
      const next = await probe.granted('s');
      await probe.store.fail('s', { fence: zombie.fence, timing });

      expect(await probe.wish('s', 'refresh')).toMatchObject({ verdict: 'BUSY' });
      expect(await probe.commit('s', next)).toBe('OK');
    });
  });
}
