import { expect, it } from 'vitest';
import { MISS_WAIT_MS } from '../../src/keys/key-timing.js';
import { MemoryKeyStore } from '../../src/keys/store/memory-key-store.js';
import type { AcquireVerdict } from '../../src/keys/store/key-store.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { FakeKeySource } from '../fakes/fake-key-source.js';
import { headerOf, KeyWorld, unknownHeader } from './support/key-world.js';
import { timedIssuer } from './support/timed-world.js';

/** A store that several replicas share: its clock says "not yet" a moment longer than ours expects. */
class LateKeyStore extends MemoryKeyStore {
  /** How often it says so, and for how long each time. */
  lateness = { times: 0, ms: 0 };
  asked = 0;
  private isSpacing = false;

  override async acquire(...request: Parameters<MemoryKeyStore['acquire']>): Promise<AcquireVerdict> {
    this.asked++;
    if (this.isSpacing && this.lateness.times > 0) {
      this.lateness.times--;
      return { verdict: 'SPACED', retryInMs: this.lateness.ms };
    }
    const verdict = await super.acquire(...request);
    this.isSpacing = verdict.verdict === 'SPACED';
    return verdict;
  }
}

async function rotatedAMomentAgo(lateness: { times: number; ms: number }) {
  const clock = new FakeClock();
  const source = new FakeKeySource(clock);
  const store = new LateKeyStore(clock, () => 0.5);
  const world = new KeyWorld([timedIssuer('h')], { clock, store, sourceOf: () => source, random: () => 0.5 });
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 50) {
      await clock.advance(Math.min(50, left));
      while (world.events.results('h').length < source.answers) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await source.publish('first');
  world.keys.start();
  await pass(100);
  const next = await source.publish('next');
  store.lateness = lateness;
  return { world, store, next, pass };
}

it('a new key works on its first use, even when the store asks for a moment more after the spacing', async () => {
  const { world, next, pass } = await rotatedAMomentAgo({ times: 2, ms: 3 });
  const verdict = world.verdict('h', headerOf(next));
  await pass(MISS_WAIT_MS);
  expect(await verdict).toBe(1);
});

it('a store that goes on denying is not asked again for longer than a request waits', async () => {
  const { world, store, pass } = await rotatedAMomentAgo({ times: Number.POSITIVE_INFINITY, ms: 400 });
  const before = store.asked;
  const verdict = world.verdict('h', unknownHeader());
  await pass(2 * MISS_WAIT_MS);
  expect(await verdict).toBe(0);
  expect(store.asked - before).toBeLessThanOrEqual(4);
});
