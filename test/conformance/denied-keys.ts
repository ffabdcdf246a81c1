import { beforeEach, describe, expect, it } from 'vitest';
import type { DeniedKeys } from '../../src/revocation/denied-keys.js';
import type { KeyDecision } from '../../src/revocation/key-decision.js';
import type { FakeClock } from '../fakes/fake-clock.js';

/** A store with the clock that it lives by. */
export interface DeniedKeysUnderTest {
  readonly store: DeniedKeys;
  /** Another replica's view of the same store. */
  readonly other: DeniedKeys;
  readonly clock: FakeClock;
}

/** A denial that is not over; times as the test's clock starts. */
export function aDecision(differences: Partial<KeyDecision> = {}): KeyDecision {
  return {
    issuerId: 'corp',
    thumbprint: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
    verdict: 'denied',
    reason: 'stolen with a laptop',
    by: 'ops',
    atMs: Date.parse('2026-11-21T12:00:00Z'),
    ...differences,
  };
}

/** What a replica knows when it has read the store. */
export async function listed(store: DeniedKeys): Promise<readonly KeyDecision[]> {
  await store.read();
  return store.list();
}

/** What every {@link DeniedKeys} has to do. `make` is called for each test. */
export function deniedKeysConformance(make: () => Promise<DeniedKeysUnderTest>): void {
  let store: DeniedKeys;
  let other: DeniedKeys;
  let clock: FakeClock;

  beforeEach(async () => {
    ({ store, other, clock } = await make());
  });

  describe('decisions', () => {
    it('are none at first', async () => {
      expect(await listed(store)).toEqual([]);
    });

    it('come back whole, to all replicas', async () => {
      const denial = aDecision({ untilMs: clock.wallMs() + 60_000 });
      expect(await store.record(denial)).toBe(true);
      expect(await listed(other)).toEqual([denial]);
    });

    it('hold for ever where they have no end', async () => {
      await store.record(aDecision());
      await clock.advance(400 * 24 * 3_600_000);
      expect(await listed(other)).toEqual([aDecision()]);
    });

    it('end by themselves', async () => {
      await store.record(aDecision({ untilMs: clock.wallMs() + 60_000 }));
      await clock.advance(59_999);
      expect(await listed(other)).toHaveLength(1);
      await clock.advance(1);
      expect(await listed(other)).toEqual([]);
    });

    it('end one by one', async () => {
      await store.record(aDecision({ untilMs: clock.wallMs() + 60_000 }));
      await store.record(aDecision({ issuerId: 'shop' }));
      await clock.advance(48 * 3_600_000);
      expect(await listed(other)).toEqual([aDecision({ issuerId: 'shop' })]);
    });

    it('are kept apart by issuer and key', async () => {
      const all = [
        aDecision(),
        aDecision({ issuerId: 'shop' }),
        aDecision({ thumbprint: 'A'.repeat(43), reason: 'another' }),
      ];
      for (const decision of all) await store.record(decision);
      expect(new Set(await listed(other))).toEqual(new Set(all));
    });

    it('carry reasons in any language', async () => {
      const denial = aDecision({ reason: 'Schlüssel „verloren“ 鍵 "] \\' });
      await store.record(denial);
      expect(await listed(other)).toEqual([denial]);
    });
  });

  describe('a later decision', () => {
    it('replaces an earlier one, also one to allow', async () => {
      await store.record(aDecision());
      const allowance = aDecision({ verdict: 'allowed', atMs: aDecision().atMs + 1 });
      expect(await other.record(allowance)).toBe(true);
      expect(await listed(store)).toEqual([allowance]);
    });

    it('stays where an earlier one arrives late', async () => {
      const allowance = aDecision({ verdict: 'allowed', atMs: aDecision().atMs + 1 });
      await store.record(allowance);
      await other.record(aDecision());
      expect(await listed(other)).toEqual([allowance]);
      expect(await other.record(aDecision())).toBe(false);
      expect(await listed(store)).toEqual([allowance]);
    });

    it('is the denial where both were made in one moment, in whatever order they come', async () => {
      await store.record(aDecision({ verdict: 'allowed' }));
      expect(await other.record(aDecision())).toBe(true);
      expect(await other.record(aDecision({ verdict: 'allowed' }))).toBe(false);
      expect(await listed(store)).toEqual([aDecision()]);
    });

    it('wins against many that come at once', async () => {
      const rising = [3, 1, 4, 0, 2].map((n) => aDecision({ atMs: aDecision().atMs + n, reason: `reason ${n}` }));
      await Promise.allSettled(rising.map((decision, i) => (i % 2 ? store : other).record(decision)));
      for (const decision of rising) await store.record(decision);
      expect(await listed(other)).toEqual([rising[2]]);
    });
  });
}
