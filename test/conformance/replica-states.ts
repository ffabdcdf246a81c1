import { beforeEach, describe, expect, it } from 'vitest';
import type { IssuerState } from '../../src/admin/issuer-state.js';
import { type ReplicaState, GONE_AFTER_MS, type ReplicaStates } from '../../src/admin/replica-states.js';

/** A store with the means to let time go by. */
export interface ReplicaStatesUnderTest {
  readonly states: ReplicaStates;
  /** Another replica's view of the same store. */
  readonly other: ReplicaStates;
  readonly advance: (ms: number) => Promise<void>;
}

export const standing: IssuerState = {
  state: 'STALE',
  digest: 'abcdefghijk',
  ageMs: 12_345,
  fence: 1_795_262_400_000,
  lastFailure: { category: 'timeout', atMs: 1_795_262_400_000 },
  nextLookInMs: 2_000,
};

/** How one issuer stands at a replica. */
export function aState(replica: string, about: Partial<IssuerState> = {}): ReplicaState {
  return { replica, issuers: new Map([['corp', { ...standing, ...about }]]) };
}

/** What every {@link ReplicaStates} has to do. `make` is called for each test. */
export function replicaStatesConformance(make: () => Promise<ReplicaStatesUnderTest>): void {
  let states: ReplicaStates;
  let other: ReplicaStates;
  let advance: (ms: number) => Promise<void>;

  beforeEach(async () => {
    ({ states, other, advance } = await make());
  });

  const names = async (): Promise<readonly string[]> => (await other.all()).map(({ replica }) => replica).sort();

  describe('what replicas tell', () => {
    it('is nothing at first', async () => {
      expect(await other.all()).toEqual([]);
    });

    it('comes to everybody, whole', async () => {
      await states.report(aState('one'));
      const [seen] = await other.all();
      expect(seen).toMatchObject(aState('one'));
      expect(seen!.seenAgoMs).toBeGreaterThanOrEqual(0);
      expect(seen!.seenAgoMs).toBeLessThan(10_000);
    });

    it('also when little is known', async () => {
      const cold = { replica: 'one', issuers: new Map([['corp', { state: 'COLD', digest: 'x' } as const]]) };
      await states.report(cold);
      expect(await other.all()).toMatchObject([cold]);
    });

    it('replaces what they told before', async () => {
      await states.report(aState('one'));
      await states.report(aState('one', { state: 'FRESH' }));
      expect(await other.all()).toMatchObject([aState('one', { state: 'FRESH' })]);
    });

    it('ends when they leave, or are silent for too long', async () => {
      await states.report(aState('one'));
      await states.report(aState('two'));
      await states.leave('two');
      expect(await names()).toEqual(['one']);
      await advance(GONE_AFTER_MS - 1_000);
      await states.report(aState('three'));
      expect(await names()).toEqual(['one', 'three']);
      await advance(1_000);
      expect(await names()).toEqual(['three']);
    });
  });
}
