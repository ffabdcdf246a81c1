import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../../test/fakes/fake-clock.js';
import { MemoryAssertionReplay } from './assertion-replay.js';

const clock = new FakeClock();
const inSeconds = (seconds: number) => clock.wallMs() + seconds * 1000;

describe('MemoryAssertionReplay', () => {
  it('knows a use until its time, and not much longer', async () => {
    const replay = new MemoryAssertionReplay(clock);
    expect(await replay.use('orders', 'a', inSeconds(90))).toBe(true);
    expect(await replay.use('orders', 'a', inSeconds(90))).toBe(false);
    await clock.advance(90_000);
    expect(await replay.use('orders', 'a', inSeconds(90))).toBe(false);
    await clock.advance(60_000);
    expect(await replay.use('orders', 'a', inSeconds(90))).toBe(true);
  });

  it('is full at its bound: refuses with 503 and forgets nothing, until time passes', async () => {
    const replay = new MemoryAssertionReplay(clock, 3);
    for (const jti of ['a', 'b', 'c']) expect(await replay.use('orders', jti, inSeconds(30))).toBe(true);
    await expect(replay.use('orders', 'd', inSeconds(30))).rejects.toMatchObject({
      status: 503,
      retryAfterSeconds: 60,
    });
    expect(await replay.use('orders', 'a', inSeconds(30))).toBe(false);
    await clock.advance(120_000);
    expect(await replay.use('orders', 'd', inSeconds(30))).toBe(true);
  });

  it('gives every caller its own share', async () => {
    const replay = new MemoryAssertionReplay(clock, 1);
    expect(await replay.use('orders', 'a', inSeconds(30))).toBe(true);
    expect(await replay.use('billing', 'a', inSeconds(30))).toBe(true);
  });
});
