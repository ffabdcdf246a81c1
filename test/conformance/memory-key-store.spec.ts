import { describe, expect, it } from 'vitest';
import { MemoryKeyStore } from '../../src/keys/store/memory-key-store.js';
import { defaultFreshness } from '../../src/issuers/freshness.config.js';
import { timingOf } from '../../src/keys/key-timing.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { keyStoreConformance } from './key-store.js';

describe('MemoryKeyStore', () => {
  keyStoreConformance(async () => {
    const clock = new FakeClock();
    return { store: new MemoryKeyStore(clock), advance: (ms) => clock.advance(ms) };
  });

  it('forgets sources of earlier configurations', async () => {
    const clock = new FakeClock();
    const store = new MemoryKeyStore(clock);
    const wish = { kind: 'refresh', knownFence: 0, dueAfterMs: 0, timing: timingOf(defaultFreshness) } as const;
    for (let i = 0; i < 100; i++) await store.acquire(`old-${i}`, wish);
    await clock.advance(25 * 3_600_000 + 1);
    await store.acquire('new', wish);

    expect(store.size).toBe(1);
  });

  it('is not fooled by a wall clock that is set back', async () => {
    const clock = new FakeClock();
    const store = new MemoryKeyStore(clock);
    const wish = { kind: 'refresh', knownFence: 0, dueAfterMs: 0, timing: timingOf(defaultFreshness) } as const;
    const grant = await store.acquire('s', wish);
    clock.stepWall(-3_600_000);
    await clock.advance(5_000);

    expect(grant.verdict).toBe('GRANT');
    expect(await store.acquire('s', wish)).toEqual({ verdict: 'BUSY', retryInMs: 1_000 });
  });
});
