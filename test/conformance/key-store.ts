import { beforeEach, describe, expect, it } from 'vitest';
import { defaultFreshness } from '../../src/issuers/freshness.config.js';
import { timingOf } from '../../src/keys/key-timing.js';
import { draftAt, StoreProbe, type StoreUnderTest } from './key-store-probe.js';
import { keyStoreOutages } from './key-store-outages.js';
import { keyStoreOutcomes } from './key-store-outcomes.js';
import { keyStorePushes } from './key-store-pushes.js';

/** What every {@link KeyStore} has to do. `make` is called for each test. */
export function keyStoreConformance(make: () => Promise<StoreUnderTest>): void {
  let probe: StoreProbe;

  beforeEach(async () => {
    probe = new StoreProbe(await make());
  });

  describe('records', () => {
    it('knows nothing of a source nobody has fetched', async () => {
      expect(await probe.store.load('s')).toBeUndefined();
    });

    it('returns what was committed last, whole', async () => {
      const first = await probe.committed('s', 'a');
      await probe.advance(300_000);
      const second = await probe.committed('s', 'b', 'refresh', first.fence);

      const loaded = await probe.store.load('s');
      expect(loaded?.record).toEqual({ ...draftAt(second.atMs, 'b'), fence: second.fence });
    });

    it('gives its own time with a record, so that the age is right wherever it is read', async () => {
      const { atMs } = await probe.committed('s');
      await probe.advance(7_000);

      const loaded = await probe.store.load('s');
      expect(loaded!.record.validatedAtMs).toBe(atMs);
      expect(loaded!.storeNowMs - atMs).toBeGreaterThanOrEqual(7_000);
      expect(loaded!.storeNowMs - atMs).toBeLessThan(8_000);
    });

    it('G-05 B-10 keeps sources apart', async () => {
      await probe.committed('a:b', 'x');
      await probe.committed('a', 'y');

      expect((await probe.store.load('a:b'))?.record.keys[0]?.thumbprint).toBe('x');
      expect(await probe.store.load('a:')).toBeUndefined();
    });
  });

  describe('acquire', () => {
    it('grants growing fences, and names the record to merge into', async () => {
      const first = await probe.committed('s');
      await probe.advance(300_000);
      const second = await probe.granted('s', 'refresh', first.fence);

      expect(second.fence).toBeGreaterThan(first.fence);
      expect(second.baseFence).toBe(first.fence);
      expect(first.baseFence).toBe(0);
    });

    it('D12 answers an asker with an older record that there is a newer one, at no cost', async () => {
      const { fence } = await probe.committed('s');

      for (const kind of ['refresh', 'confirm', 'miss'] as const) {
        expect(await probe.wish('s', kind, 0)).toMatchObject({ verdict: 'NEWER' });
      }
      await probe.advance(2_000);
      await probe.granted('s', 'miss', fence);
    });

    it('lets one fetch at a time', async () => {
      await probe.granted('s');

      expect(await probe.wish('s', 'miss')).toMatchObject({ verdict: 'BUSY' });
    });

    it('lets another replica fetch when a fetcher has vanished', async () => {
      const lost = await probe.granted('s');
      await probe.advance(6_000);
      const next = await probe.granted('s');

      expect(next.fence).toBeGreaterThan(lost.fence);
    });

    it('I2 keeps any two fetches apart, whatever they are for', async () => {
      const { fence } = await probe.committed('s');

      for (const kind of ['confirm', 'miss'] as const) {
        const verdict = await probe.wish('s', kind, fence);
        expect(verdict.verdict).toBe('SPACED');
      }
      await probe.advance(2_000);
      await probe.granted('s', 'confirm', fence);
    });

    it('refuses a refresh while the record is fresh, but no confirmation', async () => {
      const { fence } = await probe.committed('s');
      await probe.advance(269_000);

      expect(await probe.wish('s', 'refresh', fence)).toMatchObject({ verdict: 'FRESH' });
      await probe.granted('s', 'confirm', fence);
    });

    it('grants fetches for unknown keys 3 at once, then one per cooldown', async () => {
      let { fence } = await probe.committed('s');
      const grantedAtS: number[] = [];
      for (let atS = 2; atS <= 122; atS += 2) {
        await probe.advance(2_000);
        const verdict = await probe.wish('s', 'miss', fence);
        if (verdict.verdict !== 'GRANT') continue;
        grantedAtS.push(atS);
        await probe.commit('s', verdict);
        fence = verdict.fence;
      }

      expect(grantedAtS).toEqual([2, 4, 6, 32, 62, 92, 122]);
    });

    it('says how long the budget for unknown keys is spent', async () => {
      const strict = { timing: timingOf({ ...defaultFreshness, missBurst: 1 }) };
      await probe.wish('s', 'miss', 0, strict);
      await probe.advance(6_000);

      const verdict = await probe.wish('s', 'miss', 0, strict);
      expect(verdict).toMatchObject({ verdict: 'LIMITED' });
      expect((verdict as { retryInMs: number }).retryInMs).toBeGreaterThan(23_000);
      expect((verdict as { retryInMs: number }).retryInMs).toBeLessThanOrEqual(24_000);
    });

    it('D11 gives every source a budget of its own', async () => {
      for (let i = 0; i < 20; i++) {
        await probe.wish('noisy', 'miss');
        await probe.advance(7_000);
      }

      await probe.granted('quiet', 'miss');
    });
  });

  keyStoreOutcomes(make);
  keyStoreOutages(make);
  keyStorePushes(make);
}
