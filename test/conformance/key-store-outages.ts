import { beforeEach, describe, expect, it } from 'vitest';
import { StoreProbe, timing, type StoreUnderTest } from './key-store-probe.js';

/** An outage in which the backoff has reached more than ten seconds, and the budget for unknown keys is spent. */
async function failedForLong(probe: StoreProbe): Promise<void> {
  for (let i = 0; i < 5; i++) {
    const { fence } = await probe.granted('s', i < 3 ? 'miss' : 'refresh');
    const pauseMs = await probe.store.fail('s', { fence, timing });
    if (i < 4) await probe.advance(Math.max(pauseMs, timing.minSpacingMs) + 1);
  }
}

/** What a {@link KeyStore} allows while an issuer fails and tokens name unknown keys. Part of {@link keyStoreConformance}. */
export function keyStoreOutages(make: () => Promise<StoreUnderTest>): void {
  let probe: StoreProbe;

  beforeEach(async () => {
    probe = new StoreProbe(await make());
  });

  describe('unknown keys while the issuer fails', () => {
    it('F4 get one fetch in ten seconds, whatever the backoff and their budget say', async () => {
      await failedForLong(probe);
      await probe.advance(timing.missAfterFailureMs - 1_000);

      expect(await probe.wish('s', 'miss')).toMatchObject({ verdict: 'BACKOFF' });
      await probe.advance(1_000);
      expect(await probe.wish('s', 'refresh')).toMatchObject({ verdict: 'BACKOFF' });
      await probe.granted('s', 'miss');
    });

    it('F4 are told when that is', async () => {
      await failedForLong(probe);
      await probe.advance(1_000);
      const denied = await probe.wish('s', 'miss');

      // A difference of two times that are no whole milliseconds: whole ones are compared.
      const retryInMs = Math.round('retryInMs' in denied ? denied.retryInMs : 0);
      expect(retryInMs).toBeGreaterThan(timing.missAfterFailureMs - 2_000);
      expect(retryInMs).toBeLessThanOrEqual(timing.missAfterFailureMs - 1_000);
    });

    it('F4 have to wait again after each of them', async () => {
      await failedForLong(probe);
      for (let i = 0; i < 4; i++) {
        await probe.advance(timing.missAfterFailureMs);
        const { fence } = await probe.granted('s', 'miss');
        await probe.store.fail('s', { fence, timing });
        await probe.advance(timing.minSpacingMs);

        expect(await probe.wish('s', 'miss')).toMatchObject({ verdict: 'BACKOFF' });
      }
    });

    it('F4 leave no debt: such fetches are not charged to the budget for unknown keys', async () => {
      await failedForLong(probe);
      for (let waitedMs = 0; waitedMs < 3 * timing.missCooldownMs; waitedMs += timing.missAfterFailureMs) {
        await probe.advance(timing.missAfterFailureMs);
        const permit = await probe.granted('s', 'miss');
        if (waitedMs + timing.missAfterFailureMs < 3 * timing.missCooldownMs) {
          await probe.store.fail('s', { fence: permit.fence, timing });
        } else await probe.commit('s', permit);
      }
      const fence = (await probe.store.load('s'))!.record.fence;
      await probe.advance(timing.minSpacingMs);

      await probe.granted('s', 'miss', fence);
    });

    it('F4 have no such fetch once the issuer has answered', async () => {
      await failedForLong(probe);
      await probe.advance(timing.missAfterFailureMs);
      let { fence } = await probe.committed('s', 'a', 'miss');
      const slow = { timing: { ...timing, missCooldownMs: 3_600_000 } };
      for (let i = 0; i < timing.missBurst; i++) {
        await probe.advance(timing.missAfterFailureMs);
        const verdict = await probe.wish('s', 'miss', fence, slow);
        // The outage may have left less than the whole burst.
        if (verdict.verdict !== 'GRANT') break;
        await probe.commit('s', verdict);
        fence = verdict.fence;
      }
      await probe.advance(timing.missAfterFailureMs);

      expect(await probe.wish('s', 'miss', fence, slow)).toMatchObject({ verdict: 'LIMITED' });
    });

    it('R9110-03 wait as long as the issuer asks, and no longer once it has answered', async () => {
      const { fence } = await probe.granted('s');
      await probe.store.fail('s', { fence, timing, retryAfterMs: 90_000 });
      await probe.advance(80_000);

      expect(await probe.wish('s', 'miss')).toMatchObject({ verdict: 'BACKOFF', retryInMs: 10_000 });
      await probe.advance(10_000);
      const failing = await probe.granted('s', 'miss');
      await probe.store.fail('s', { fence: failing.fence, timing });
      await probe.advance(timing.missAfterFailureMs);
      await probe.granted('s', 'miss');
    });
  });
}
