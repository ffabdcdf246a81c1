import { beforeEach, describe, expect, it } from 'vitest';
import type { StreamState, StreamStates } from '../../src/signals/streams/stream-states.js';

/** A store with the means to let time go by. */
export interface StreamStatesUnderTest {
  readonly states: StreamStates;
  readonly advance: (ms: number) => void | Promise<void>;
}

/** What every {@link StreamStates} has to do. `make` is called for each test. */
export function streamStatesConformance(make: () => Promise<StreamStatesUnderTest>): void {
  let states: StreamStates;
  let advance: StreamStatesUnderTest['advance'];

  beforeEach(async () => {
    ({ states, advance } = await make());
  });

  describe('what is known of a stream', () => {
    it('is nothing at first, and then what was said last of each', async () => {
      expect(await states.read('corp')).toEqual({});
      const news: StreamState = {
        heardAtMs: 1,
        polledAtMs: 2,
        askedAtMs: 3,
        askedState: 'word',
        askAfterMs: 6,
        minVerifyMs: 7,
        verifiedAtMs: 4,
        status: 'paused',
        statusAtMs: 5,
        heldBy: 'acting',
      };
      await states.update('corp', news);
      expect(await states.read('corp')).toEqual(news);
      await states.update('corp', { heldBy: '', status: 'enabled' });
      expect(await states.read('corp')).toEqual({ ...news, heldBy: '', status: 'enabled' });
      expect(await states.read('shop')).toEqual({});
    });
  });

  describe('the one who asks a transmitter', () => {
    it('is one at a time, until it says so no more', async () => {
      const first = await states.acquire('corp', 'one', 1_000);
      expect(await states.acquire('corp', 'two', 1_000)).toBeUndefined();
      expect(await states.acquire('shop', 'two', 1_000)).toBeDefined();
      expect(await states.acquire('corp', 'one', 1_000)).toBe(first);
      await advance(900);
      expect(await states.acquire('corp', 'two', 1_000)).toBeUndefined();
      await advance(200);
      const second = await states.acquire('corp', 'two', 1_000);
      expect(second).toBeGreaterThan(first!);
      expect(await states.acquire('corp', 'one', 1_000)).toBeUndefined();
    });

    it('lets the next one in at once where it goes, and nobody else can send it away', async () => {
      const first = await states.acquire('corp', 'one', 60_000);
      await states.release('corp', 'two');
      expect(await states.acquire('corp', 'two', 1_000)).toBeUndefined();
      await states.release('corp', 'one');
      expect(await states.acquire('corp', 'two', 1_000)).toBeGreaterThan(first!);
    });

    it('is not listened to any more once another one is', async () => {
      const first = await states.acquire('corp', 'one', 1_000);
      await states.update('corp', { polledAtMs: 1 }, first);
      await advance(2_000);
      const second = await states.acquire('corp', 'two', 1_000);
      await states.update('corp', { polledAtMs: 2 }, first);
      expect(await states.read('corp')).toEqual({ polledAtMs: 1 });
      await states.update('corp', { polledAtMs: 3 }, second);
      expect(await states.read('corp')).toEqual({ polledAtMs: 3 });
    });
  });
}
