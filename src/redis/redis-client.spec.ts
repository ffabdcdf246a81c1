import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { COMEBACK_MS, LastingRedis } from './redis-client.js';

describe('LastingRedis', () => {
  let client: LastingRedis;
  let clock: FakeClock;

  beforeEach(() => {
    clock = new FakeClock();
    // No server listens there, and ioredis itself does not try again: each attempt is an end.
    client = new LastingRedis({ port: 1, lazyConnect: true, retryStrategy: () => null }).lasting(clock);
    client.on('error', () => undefined);
  });

  const end = () => new Promise<void>((resolve) => client.once('end', resolve));

  it('comes back from every end that was not asked for', async () => {
    const connect = vi.spyOn(client, 'connect');
    const first = end();
    await expect(client.connect()).rejects.toThrow();
    await first;
    for (let attempt = 2; attempt <= 4; attempt++) {
      const next = end();
      await clock.advance(COMEBACK_MS);
      await next;
      expect(connect).toHaveBeenCalledTimes(attempt);
    }
  });

  it('ends when it is asked to', async () => {
    const first = end();
    await expect(client.connect()).rejects.toThrow();
    await first;
    const connect = vi.spyOn(client, 'connect');
    client.disconnect();
    await clock.advance(60_000);
    expect(connect).not.toHaveBeenCalled();
  });
});
