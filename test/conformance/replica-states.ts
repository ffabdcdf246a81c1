import { beforeEach, describe, expect, it } from 'vitest';
import type { IssuerState } from '../../src/admin/issuer-state.js';
import { type ReplicaState, LOST_AFTER_MS, type ReplicaStates } from '../../src/admin/replica-states.js';

/** A store with the means to let time go by. */
export interface ReplicaStatesUnderTest {
  readonly states: ReplicaStates;
  /** Another replica's view of the same store. */
  readonly other: ReplicaStates;
  readonly advance: (ms: number) => Promise<void>;
}

/** How long silent replicas are remembered here. */
export const HOUR_MS = 3_600_000;

export const issuerState: IssuerState = {
  state: 'STALE',
  digest: 'abcdefghijk',
  ageMs: 12_345,
  fence: 1_795_262_400_000,
  lastFailure: { category: 'timeout', atMs: 1_795_262_400_000 },
  nextLookInMs: 2_000,
};

/** How one issuer stands at a replica. */
export function aState(replica: string, about: Partial<IssuerState> = {}): ReplicaState {
  return {
    replica,
    region: 'eu',
    denials: new Set(['a'.repeat(22)]),
    issuers: new Map([['corp', { ...issuerState, ...about }]]),
  };
}

/** What every {@link ReplicaStates} has to do. `make` is called for each test. */
export function replicaStatesConformance(make: () => Promise<ReplicaStatesUnderTest>): void {
  let states: ReplicaStates;
  let other: ReplicaStates;
  let advance: (ms: number) => Promise<void>;

  beforeEach(async () => {
    ({ states, other, advance } = await make());
  });

  const names = async (): Promise<readonly string[]> =>
    (await other.all()).replicas.map(({ replica }) => replica).sort();

  describe('what replicas tell', () => {
    it('is nothing at first', async () => {
      expect(await other.all()).toEqual({ replicas: [], more: 0 });
    });

    it('comes to everybody, whole', async () => {
      await states.report(aState('one'), HOUR_MS);
      const [seen] = (await other.all()).replicas;
      expect(seen).toMatchObject(aState('one'));
      expect(seen!.seenAgoMs).toBeGreaterThanOrEqual(0);
      expect(seen!.seenAgoMs).toBeLessThan(10_000);
    });

    it('also when little is known', async () => {
      const cold = {
        replica: 'one',
        region: '',
        denials: undefined,
        issuers: new Map([['corp', { state: 'COLD', digest: 'x' } as const]]),
      };
      await states.report(cold, HOUR_MS);
      expect((await other.all()).replicas).toMatchObject([cold]);
    });

    it('replaces what they told before', async () => {
      await states.report(aState('one'), HOUR_MS);
      await states.report(aState('one', { state: 'FRESH' }), HOUR_MS);
      expect((await other.all()).replicas).toMatchObject([aState('one', { state: 'FRESH' })]);
    });

    it('ends when they leave, and not before they were silent for long', async () => {
      await states.report(aState('one'), HOUR_MS);
      await states.report(aState('two'), HOUR_MS);
      expect([await states.leave('two'), await states.leave('two')]).toEqual([true, false]);
      await advance(LOST_AFTER_MS);
      const [lost] = (await other.all()).replicas;
      expect(lost).toMatchObject({ replica: 'one', region: 'eu' });
      expect(lost!.seenAgoMs).toBeGreaterThanOrEqual(LOST_AFTER_MS);
      await advance(HOUR_MS - LOST_AFTER_MS - 10_000);
      expect(await states.report(aState('three'), HOUR_MS)).toEqual([]);
      expect(await names()).toEqual(['one', 'three']);
      await advance(10_000);
      expect(await states.report(aState('three'), HOUR_MS)).toEqual(['one']);
      expect(await states.report(aState('three'), HOUR_MS)).toEqual([]);
      expect(await names()).toEqual(['three']);
    });
  });
}
